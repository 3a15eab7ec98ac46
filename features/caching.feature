Feature: Caching
  No shared cache may store a response that was made for one user.

  Background:
    Given Ann is signed in
    And Ann has a task

  @caching-private-responses-are-not-shared @must @high @core
  @defect-hc-private-response-publicly-cacheable @rfc9111-5.2.2.7 @asvs-14.2.2 @cwe-524
  Scenario Outline: No shared cache may store the <place> made for Ann
    Given Ann's own session opens her <place>
    When Ann requests her <place>
    Then no shared cache may store the response

    Examples:
      | place            |
      | session endpoint |
      | token endpoint   |
      | protected page   |
      | task list        |

  @caching-api-responses-are-not-shared @must @high @core @needs-token
  @defect-hc-private-response-publicly-cacheable @rfc9111-3.5 @asvs-14.2.2 @cwe-524
  Scenario: No shared cache may store the API's list of Ann's tasks
    Given Ann's token opens her tasks
    When Ann requests her tasks at the API
    Then no shared cache may store the response
