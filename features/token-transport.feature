Feature: Token transport
  A token is taken where RFC 6750 has it and nowhere else, and says nothing that its reader must not see.
  The tasks are guarded at every spelling of their address, and for HEAD.

  Background:
    Given Ann is signed in
    And Ann has a task

  @token-belongs-in-no-address @should @medium @needs-token
  @defect-tv-token-in-query-accepted @rfc6750-2.3 @rfc9700-4.3.2 @part-of-asvs-14.2.1 @cwe-598
  Scenario Outline: A token <place> is not taken
    Given Ann's token opens her tasks
    When an attacker presents Ann's token <place>
    Then it is refused

    Examples:
      | place                        |
      | in the address as access_token |
      | in the address as token        |

  @token-scheme-is-looked-at @should @low @needs-token
  @defect-tv-scheme-ignored @rfc6750-2.1 @rfc9110-11.6.2 @cwe-287
  Scenario Outline: A token <place> is no bearer token
    Given Ann's token opens her tasks
    When an attacker presents Ann's token <place>
    Then it is refused

    Examples:
      | place                  |
      | under the scheme Basic |
      | under the scheme Token |
      | without a scheme       |

  @token-scheme-may-be-in-any-case @should @low @needs-token
  @defect-tv-scheme-case-sensitive @rfc9110-11.1
  Scenario Outline: The scheme may be written "<scheme>"
    Given Ann's token opens her tasks
    When Ann presents her token under the scheme <scheme>
    Then it opens Ann's tasks as well

    Examples:
      | scheme |
      | bearer |
      | BEARER |

  @token-expired-is-answered-401 @should @low @expiry @needs-jwt
  @defect-ex-expired-token-wrong-status @rfc6750-3.1 @rfc9110-15.5.2
  Scenario: An expired bearer token is answered 401
    Given Ann's token opens her tasks
    When Ann's token expires and an attacker presents it
    Then it is answered 401, or as the profile declares

  @token-payload-holds-no-secret @should @medium @needs-jwt
  @defect-tv-sensitive-claims-in-token @part-of-asvs-14.2.6 @api3-2023 @wstg-sess-10 @cwe-200
  Scenario: Nothing secret is written in a token
    When Ann reads what her token says
    Then Ann's token holds no password, hash, session or signing secret

  @token-is-verified-in-every-spelling @must @high @needs-tasks
  @defect-tv-path-variant-bypass @part-of-asvs-8.3.1 @ghsa-x732-6j76-qmhm @wstg-athz-02 @cwe-288 @cwe-41
  Scenario Outline: No anonymous client reaches the tasks at their address <spelling>
    Given Ann can list her tasks
    When an anonymous client asks for Ann's tasks at their address <spelling>
    Then no answer holds anything of Ann's, and her task is as it was

    Examples:
      | spelling                 |
      | with a double slash      |
      | with a slash at its end  |
      | in upper case              |
      | with a dot in it         |
      | by way of another folder |
      | with an encoded letter   |
      | with a parameter         |

  @token-is-verified-for-head @should @medium @needs-tasks
  @defect-tv-head-method-bypass @rfc9110-9.3.2 @part-of-asvs-8.2.1 @wstg-inpv-03 @cwe-650
  Scenario: HEAD tells an anonymous client nothing of the tasks
    Given Ann can list her tasks
    When an anonymous client asks for the size of Ann's list by HEAD
    Then the size of Ann's list is not given away

  @token-subject-of-another-type-is-no-wildcard @should @medium @needs-shared-secret
  @defect-tv-sub-type-confusion @rfc7519-4.1.2 @cwe-843 @cwe-943
  Scenario Outline: A token <wrong> opens nothing of another person's
    Given Bob is signed in
    And Bob has a task
    And a clone of Ann's token opens her tasks
    When an attacker presents a token of Ann's <wrong> for Bob's tasks
    Then it is refused

    Examples:
      | wrong                                  |
      | with a number for its subject          |
      | with a list of ids for its subject      |
      | with a query for its subject           |
      | with the subject true                  |
