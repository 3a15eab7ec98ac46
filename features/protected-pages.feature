Feature: Protected pages
  A page with private content shows it to its owner only. Every other client is sent to sign-in before anything is rendered.

  Background:
    Given Ann is signed in
    And Ann has a task

  @page-opens-for-its-owner @must @high @core @needs-pages
  @defect-av-owner-cannot-open-page @functional
  Scenario: A signed-in user can open every protected page
    When Ann opens every protected page with her own session
    Then every page has opened

  @page-shows-own-data-only @must @critical @core @needs-pages
  @defect-se-session-bleed-between-users @asvs-8.2.2 @cwe-488
  Scenario: A protected page shows nothing of another user
    Given Bob is signed in
    And Bob has a task
    When Ann, Bob and Ann again open the protected page
    Then each page shows nothing of the other user's

  @page-requires-authentication @must @critical @core @needs-pages
  @defect-pr-page-unguarded @asvs-8.3.1 @asvs-8.2.1 @wstg-athz-02 @cwe-425 @cwe-862
  Scenario Outline: No anonymous client may open a protected page <spelling>
    Given Ann's own session opens her protected page
    When an anonymous client opens every protected page of Ann's <spelling>
    Then it is refused

    Examples:
      | spelling              |
      | at its own path       |
      | with a trailing slash |

  @page-refusal-leaks-nothing @must @high @core @needs-pages
  @defect-pr-redirect-body-leaks @asvs-8.3.1 @wstg-athn-04 @cwe-698 @cwe-200
  Scenario Outline: No anonymous client may read a protected page requested with <headers>
    Given Ann's own session opens her protected page
    When an anonymous client requests every protected page of Ann's with <headers>
    Then it is refused

    Examples:
      | headers                                                                   |
      | no extra header                                                           |
      | Accept: application/json                                                  |
      | RSC: 1 and Next-Router-Prefetch: 1 and X-Requested-With: XMLHttpRequest   |

  @page-guard-covers-every-method @must @critical @core @needs-pages
  @defect-pr-page-unguarded @asvs-8.3.1 @wstg-athz-02 @cwe-425 @cwe-862
  Scenario: No anonymous client may open a protected page by POST
    Given Ann's own session opens her protected page
    When an anonymous client requests every protected page of Ann's by POST
    Then it is refused

  @page-forged-session-is-refused @must @critical @core @needs-pages
  @defect-pr-cookie-presence-only @asvs-7.2.1 @cwe-287 @cwe-565
  Scenario Outline: A session cookie that is <cookie> opens no protected page
    Given Ann's own session opens her protected page
    When an attacker opens Ann's protected page with a session cookie that is <cookie>
    Then it is refused

    Examples:
      | cookie                     |
      | made up                    |
      | made up, under every name  |
      | altered                    |

  @page-signed-out-session-is-refused @must @critical @core @needs-pages @needs-sign-out
  @defect-pr-cookie-presence-only @asvs-7.2.1 @asvs-7.4.1 @cwe-613
  Scenario: The cookie of a signed-out session opens no protected page
    Given Ann is also signed in on her laptop
    And an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's protected page
    When Ann signs out on her laptop
    Then the captured session no longer opens Ann's protected page

  @page-guard-ignores-internal-headers @must @critical @core @needs-pages
  @defect-pr-internal-header-bypass @asvs-4.1.3 @asvs-8.3.1 @cve-2025-29927 @wstg-athn-04 @cwe-285 @cwe-290
  Scenario Outline: The header "<header>" does not turn the guard off
    Given Ann's own session opens her protected page
    When an anonymous client opens Ann's protected page with the header "<header>"
    Then it is refused

    Examples:
      | header                                                                                   |
      | x-middleware-subrequest: middleware                                                      |
      | x-middleware-subrequest: src/middleware                                                  |
      | x-middleware-subrequest: middleware:middleware:middleware:middleware:middleware          |
      | x-middleware-subrequest: src/middleware:src/middleware:src/middleware:src/middleware:src/middleware |
      | x-middleware-subrequest: pages/_middleware                                               |
      | x-middleware-next: 1                                                                     |
      | x-middleware-rewrite: {page}                                                             |
      | X-Original-URL: {page}                                                                   |
      | X-Rewrite-URL: {page}                                                                    |
      | X-Forwarded-User: {user}                                                                 |
      | X-User-Id: {user}                                                                        |

  @page-dead-session-reaches-signin @must @medium @needs-pages
  @defect-pr-invalid-session-5xx-or-loop @cwe-835 @cwe-755
  Scenario: A browser with a dead session cookie is not sent round in circles
    Given Ann's own session opens her protected page
    When a browser with a made-up session cookie opens Ann's protected page and the sign-in page
    Then both pages answer, or lead to one that does

  @page-redirects-to-signin @should @low @needs-pages @needs-way-to-signin
  @rfc9110-15.4
  Scenario: A protected page sends an anonymous client to the sign-in page
    Given Ann's own session opens her protected page
    When an anonymous client opens the protected page
    Then the client is sent to the sign-in page
