Feature: Exposure
  No page repeats a request as markup, no file with secrets can be fetched, and nothing is served in clear. In production
  there is no documentation of the API.

  Background:
    Given Ann is signed in

  @xss-reflected-markup-is-inert @must @high
  @defect-eh-reflected-markup @asvs-1.2.1 @part-of-asvs-3.2.2 @wstg-inpv-01 @cwe-79
  Scenario Outline: No page may repeat markup in <place> as markup
    When an attacker has Ann's browser send markup in <place>
    Then no page has the markup as an element

    Examples:
      | place                                |
      | the parameter error of sign-in       |
      | the parameter message of sign-in     |
      | the parameter email of sign-in       |
      | the parameter callbackURL of sign-in |
      | the parameter next of sign-in        |
      | a path of the front end              |
      | a path of the API                    |
      | a path of the sign-in operation      |
      | the address at sign-in               |

  @exposure-sensitive-files-are-not-served @must @critical
  @defect-hc-sensitive-files-exposed @asvs-13.4.1 @wstg-conf-04 @cwe-538
  Scenario Outline: The file <file> is not served
    When an attacker requests the file <file>
    Then no response has what such a file has

    Examples:
      | file               |
      | .env               |
      | .env.local         |
      | .env.production    |
      | .env.bak           |
      | .git/HEAD          |
      | .git/config        |
      | docker-compose.yml |
      | backup.sql         |

  @exposure-nothing-is-served-in-clear @should @medium @needs-https @needs-plain-http
  @defect-hc-http-served-in-clear @asvs-12.2.1 @part-of-asvs-4.1.2 @rfc6750-5.3 @wstg-athn-01 @cwe-319
  Scenario Outline: No request over plain http is answered with <resource>
    Given a request over https is answered with <resource>
    When an attacker requests it over plain http
    Then no response over plain http is the one over https

    Examples:
      | resource         |
      | the sign-in page |
      | the start page   |
      | the session      |
      | the tasks        |

  @exposure-documentation-is-not-served @may @low @needs-production
  @defect-hc-api-docs-exposed @part-of-asvs-13.4.5 @cwe-200
  Scenario Outline: No documentation and no debug page is served at <path> in production
    When an attacker requests the page <path>
    Then no response is documentation of the API or a debug page

    Examples:
      | path              |
      | /docs             |
      | /redoc            |
      | /openapi.json     |
      | /api/openapi.json |
      | /swagger.json     |
      | /v3/api-docs      |
      | /swagger-ui/      |
      | /graphql          |
      | /console          |
      | /actuator         |
      | /debug/pprof/     |
      | /_profiler        |
      | /__debug__/       |
