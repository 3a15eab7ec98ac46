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

  @page-guard-covers-data-requests @must @critical @needs-pages
  @defect-pr-prefetch-header-bypass @defect-pr-transport-variant-bypass @asvs-8.3.1 @wstg-athn-04 @cve-2026-44572
  @cve-2026-44575 @cwe-285 @cwe-288
  Scenario Outline: No anonymous client may read a protected page's data with "<header>"
    Given Ann's own session opens her protected page
    When an anonymous client requests the data of Ann's protected page with "<header>"
    Then it is refused

    Examples:
      | header                                    |
      | Purpose: prefetch                         |
      | Purpose: preview                          |
      | Sec-Purpose: prefetch                     |
      | Sec-Purpose: prefetch;prerender           |
      | Sec-Purpose: prefetch;anonymous-client-ip |
      | X-Purpose: preview                        |
      | X-Purpose: prefetch                       |
      | X-Moz: prefetch                           |
      | x-middleware-prefetch: 1                  |
      | x-nextjs-data: 1                          |
      | RSC: 1                                    |
      | Next-Router-Prefetch: 1                   |
      | Next-Router-Prefetch: 2                   |
      | Next-Router-Segment-Prefetch: /_tree      |
      | Next-Router-State-Tree: %5B%22%22%5D      |
      | Next-Url: {page}                          |
      | Next-Action: 00                           |
      | x-invoke-path: {page}                     |
      | x-invoke-status: 200                      |
      | x-invoke-output: {page}                   |
      | x-matched-path: {page}                    |
      | x-now-route-matches: 1={page}             |
      | x-prerender-revalidate: 1                 |
      | X-HTTP-Method-Override: HEAD              |
      | X-HTTP-Method: OPTIONS                    |
      | X-Method-Override: POST                   |
      | X-Requested-With: XMLHttpRequest          |
      | X-Inertia: true                           |
      | HX-Request: true                          |
      | Turbo-Frame: content                      |
      | X-PJAX: true                              |
      | X-SvelteKit-Invalidated: 1                |
      | X-Remix-Response: yes                     |

  @page-guard-covers-every-address @must @critical @needs-pages
  @defect-pr-data-route-unguarded @defect-pr-transport-variant-bypass @asvs-8.3.1 @wstg-athn-04 @cve-2026-44573
  @ghsa-36qx-fr4f-26g5 @cwe-425 @cwe-862
  Scenario Outline: No anonymous client may read a protected page at "<address>"
    Given Ann's own session opens her protected page
    When an anonymous client requests Ann's protected page at "<address>"
    Then it is refused

    Examples:
      | address                           |
      | /_next/data/{build}{page}.json    |
      | {page}.rsc                        |
      | {page}.segments/_tree.segment.rsc |
      | {page}.txt                        |
      | {page}.json                       |
      | {page}.data                       |
      | {page}.html                       |
      | {page}/__data.json                |
      | {page}/_payload.json              |
      | {page}/index.html                 |
      | {page}/index.txt                  |
      | /page-data{page}/page-data.json   |
      | {page}?_rsc=1                     |
      | {page}?__nextDataReq=1            |
      | {page}?format=json                |
      | /en{page}                         |
      | /_{page}                          |
      | /{page}                           |
      | //{page}                          |
      | {PAGE}                            |
      | {encoded page}                    |
      | /.{page}                          |
      | /x/..{page}                       |
      | /x/%2e%2e{page}                   |
      | {page}/.                          |
      | {page}/                           |
      | {page}//                          |
      | {page};x=1                        |
      | {page}%20                         |
      | {page}%00                         |
      | {page}%2f                         |
      | {page}%3f                         |

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

  @page-redirect-ignores-forwarded-host @should @medium @needs-pages @needs-way-to-signin
  @defect-pr-redirect-host-from-header @wstg-inpv-17 @asvs-4.1.3 @ghsa-3529-5m8x-rpv3 @cve-2025-63784 @cwe-601 @cwe-644
  Scenario Outline: The redirect to sign-in names no host of "<header>"
    Given Ann's own session opens her protected page
    When an anonymous client opens the protected page through a proxy that says "<header>"
    Then the client is sent to no other host

    Examples:
      | header                                                 |
      | X-Forwarded-Host: evil.invalid                         |
      | X-Forwarded-Host: evil.invalid and X-Forwarded-Proto: https |
      | Forwarded: host=evil.invalid;proto=https               |
      | X-Host: evil.invalid                                   |
      | X-Original-Host: evil.invalid                          |
      | X-Forwarded-Server: evil.invalid                       |

  @page-redirect-is-temporary @should @medium @needs-pages @needs-way-to-signin
  @defect-pr-permanent-redirect @rfc9110-15.4.2 @rfc9110-15.4.9
  Scenario: The redirect to sign-in is temporary
    Given Ann's own session opens her protected page
    When an anonymous client opens the protected page
    Then no browser keeps the redirect to the sign-in page

  @api-refusal-is-an-error @should @low @needs-way-to-signin
  @defect-pr-api-redirects-to-login @rfc9110-15.5.2 @asvs-4.1.1
  Scenario: The task API answers a request without a credential with an error
    Given Ann can list her tasks
    When an anonymous client lists Ann's tasks with "Accept: application/json"
    Then the client is not sent to the sign-in page
