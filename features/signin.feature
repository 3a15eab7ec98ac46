Feature: Sign-in
  Only the right password for the address opens a session.

  Background:
    Given Ann is signed in

  @signin-opens-own-session @must @high
  @functional
  Scenario: The right password opens a session of its owner
    When Ann signs in on her laptop
    Then the session on her laptop is Ann's, with the address and the name she gave

  @signin-wrong-password-refused @must @critical @core
  @defect-si-wrong-password-accepted @asvs-6.2.8 @api2-2023 @wstg-athn-04 @cwe-287
  Scenario: A wrong password opens no session
    Given Zoe has a throw-away account
    And Zoe can sign in
    When an attacker tries to sign in as Zoe with these passwords
      | a random password of allowed length      |
      | her password with one more character     |
      | her password without its last character  |
    Then none of them opens a session

  @signin-odd-password-refused @must @critical
  @defect-si-empty-or-null-password-accepted @asvs-2.2.1 @cwe-258 @cwe-287
  Scenario: A password that is empty or no text opens no session
    Given Zoe has a throw-away account
    And Zoe can sign in
    When an attacker tries to sign in as Zoe with these credentials
      | an empty password              |
      | null for the password          |
      | no password                    |
      | zero for the password          |
      | true for the password          |
      | an empty list for the password |
    Then none of them opens a session

  @signin-prevents-operator-injection @must @critical
  @defect-si-operator-injection @asvs-1.2.4 @asvs-2.2.1 @wstg-inpv-05 @cwe-943
  Scenario: An operator of a query language in place of a password opens no session
    Given Zoe has a throw-away account
    And Zoe can sign in
    When an attacker tries to sign in as Zoe with these credentials
      | {"$ne": null} for the password                 |
      | {"$gt": ""} for the password                   |
      | {"$ne": null} for the address and the password |
    Then none of them opens a session

  @signin-prevents-sql-injection @must @critical
  @defect-si-sql-injection @asvs-1.2.4 @wstg-inpv-05 @cwe-89
  Scenario: A part of an SQL query in place of a credential opens no session
    Given Zoe has a throw-away account
    And Zoe can sign in
    When an attacker tries to sign in as Zoe with these credentials
      | ' OR '1'='1 for the password  |
      | ' OR 1=1 -- for the password  |
      | ' -- after the address        |
      | ' OR '1'='1 after the address |
      | a quote for the password      |
    Then none of them opens a session

  @signin-prevents-open-redirect @must @high @core
  @defect-si-open-redirect-absolute @rfc9700-4.11 @asvs-3.7.2 @wstg-clnt-04 @cve-2025-27143 @ghsa-hjpm-7mrm-26w8 @cwe-601
  Scenario Outline: No sign-in may redirect to a destination on another site given <place>
    Given Ann can sign in with a destination inside the deployment <place>
    When Ann signs in with the destination "https://evil.invalid/x" <place>
    Then the response leads nowhere outside the deployment

    Examples:
      | place        |
      | in the body  |
      | in the query |

  @signin-prevents-disguised-open-redirect @must @high
  @defect-si-open-redirect-scheme-relative @defect-si-open-redirect-lookalike @defect-si-open-redirect-javascript
  @defect-si-open-redirect-browser-parsing @rfc9700-4.11 @asvs-3.7.2 @wstg-clnt-04 @cve-2025-27143 @cwe-601
  Scenario: No sign-in may redirect to a disguised destination on another site
    Given sign-in accepts a destination inside the deployment from Ann
    When Ann signs in with these destinations
      | in the body  | //evil.invalid/x             |
      | in the body  | /\evil.invalid/x             |
      | in the body  | https://{own}.evil.invalid/x |
      | in the body  | javascript:alert(1)          |
      | in the query | /{TAB}/evil.invalid/x        |
      | in the query | https://{own}@evil.invalid/x |
    Then no response leads outside the deployment

  @signin-page-prevents-open-redirect @must @high @needs-pages
  @defect-si-open-redirect-scheme-relative @defect-si-open-redirect-lookalike @defect-si-open-redirect-javascript
  @defect-si-open-redirect-browser-parsing @rfc9700-4.11 @asvs-3.7.2 @wstg-clnt-04 @cve-2025-27143 @cwe-601
  Scenario Outline: The sign-in page sends no signed-in user to "<destination>"
    Given the sign-in page sends Ann on to a destination inside the deployment
    When Ann opens the sign-in page with the destination "<destination>"
    Then the response leads nowhere outside the deployment

    Examples: another host
      | destination                    |
      | https://evil.invalid/x         |
      | HTTPS://EVIL.INVALID/x         |
      | //evil.invalid/x               |
      | ///evil.invalid/x              |
      | ////evil.invalid/x             |
      | https:///evil.invalid/x        |
      | https:evil.invalid/x           |
      | https:/evil.invalid/x          |
      | http:evil.invalid/x            |

    Examples: backslashes, which browsers read as slashes
      | destination                    |
      | /\evil.invalid/x               |
      | \/evil.invalid/x               |
      | \\\\evil.invalid/x             |
      | /\\/evil.invalid/x             |
      | https:\\\\evil.invalid/x       |

    Examples: control characters, which browsers drop
      | destination                    |
      | /{TAB}/evil.invalid/x          |
      | /{LF}/evil.invalid/x           |
      | /{CR}/evil.invalid/x           |
      | {TAB}//evil.invalid/x          |
      | {START}https://evil.invalid/x  |
      | ht{TAB}tps://evil.invalid/x    |

    Examples: encoded once and twice
      | destination                    |
      | /%09/evil.invalid/x            |
      | /%0a/evil.invalid/x            |
      | /%5cevil.invalid/x             |
      | /%2fevil.invalid/x             |
      | /%2f%2fevil.invalid/x          |
      | %2f%2fevil.invalid/x           |
      | /%252f%252fevil.invalid/x      |
      | https%3a%2f%2fevil.invalid/x   |

    Examples: the own host in the wrong place
      | destination                    |
      | https://{own}@evil.invalid/x   |
      | https://{own}.evil.invalid/x   |
      | https://evil.invalid?{own}     |
      | https://evil.invalid#{own}     |
      | https://evil.invalid/{own}     |
      | https://evil.invalid\@{own}/x  |
      | https://evil{own}/x            |

    Examples: what a browser runs
      | destination                    |
      | javascript:alert(1)            |
      | JaVaScRiPt:alert(1)            |
      | java{TAB}script:alert(1)       |
      | {START}javascript:alert(1)     |
      | data:text/html,x               |

  @signin-prevents-user-enumeration @should @medium @core
  @defect-en-signin-response-differs @part-of-asvs-6.3.8 @wstg-idnt-04 @cwe-204
  Scenario: An unknown address and a wrong password get the same response
    Given Zoe has a throw-away account
    And Zoe can sign in
    When an attacker tries three wrong passwords for an unknown address and three for Zoe's
    Then the responses can't be distinguished

  @signin-prevents-timing-enumeration @should @low
  @defect-en-signin-timing @part-of-asvs-6.3.8 @wstg-idnt-04 @cwe-208
  Scenario: A failed sign-in takes as long for an unknown address as for a known one
    Given an attacker has tried wrong passwords for an unknown address and for Zoe's
    When more of them are tried as long as their times differ
    Then their times can't be distinguished
