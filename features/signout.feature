Feature: Sign-out
  Signing out ends the session on the server, at once, on that device only.

  Background:
    Given Ann is signed in
    And Ann has a task
    And Ann is also signed in on her laptop

  @signout-ends-captured-session @must @high @core @needs-sign-out
  @defect-so-session-survives-signout @asvs-7.4.1 @wstg-sess-06 @cwe-613
  Scenario Outline: A session captured before sign-out no longer opens the <place>
    Given an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's <place>
    When Ann signs out on her laptop
    Then the captured session no longer opens Ann's <place>
    And Ann's first device still opens her <place>

    Examples:
      | place            |
      | session endpoint |
      | protected page   |

  @signout-stops-new-tokens @must @high @core @needs-sign-out
  @defect-so-token-minted-after-signout @asvs-7.4.1 @cwe-613
  Scenario Outline: A session captured before sign-out gets nothing from the <place> after it
    Given an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's <place>
    When Ann signs out on her laptop
    Then the captured session no longer opens Ann's <place>
    And Ann's first device still opens her <place>

    Examples:
      | place          |
      | token endpoint |
      | task list      |

  @signout-closes-further-routes @must @high @needs-sign-out @needs-further-routes
  @defect-so-session-survives-signout @asvs-7.4.1 @wstg-sess-06 @cwe-613
  Scenario: A session captured before sign-out opens no further route
    Given an attacker has captured the session of Ann's laptop
    And Ann can call every further route
    And the captured session opens Ann's further routes
    When Ann signs out on her laptop
    And the attacker calls every further route for Ann's data with the captured session
    Then every one of them is refused

  @signout-clears-the-cookie @must @medium @core @needs-sign-out
  @defect-so-cookie-not-cleared @asvs-14.3.1 @wstg-sess-06
  Scenario: Sign-out removes the session cookie from the browser
    Given Ann's laptop has a session cookie
    When Ann signs out on her laptop
    Then Ann's laptop has no session cookie

  @signout-ends-access-tokens @should @medium @needs-sign-out @needs-token
  @defect-so-jwt-survives-beyond-policy @part-of-asvs-7.4.1 @wstg-sess-06 @cwe-613
  Scenario: An access token from before sign-out is rejected within its declared lifetime
    Given an attacker has captured the access token of Ann's laptop
    When Ann signs out on her laptop
    Then Ann's captured token is rejected within its declared lifetime

  @signout-needs-no-live-token @must @high @expiry @needs-sign-out @needs-token
  @defect-so-needs-live-token @asvs-7.4.1 @cwe-613
  Scenario: Sign-out with an expired access token ends what outlives that token
    Given Ann's laptop holds something that outlives its access token
    When the access token of Ann's laptop expires and she signs out there
    Then nothing that Ann's laptop held is alive

  @signout-ends-no-other-users-session @must @high @needs-sign-out
  @defect-so-other-user-session-ended @asvs-8.2.2 @api1-2023 @cwe-639 @cwe-565
  Scenario: No sign-out may end another user's session that the request names
    Given Bob is signed in
    And Bob's first device has a session of Bob's
    When Ann signs out on her laptop and names Bob's session in the request
    Then Bob is still signed in

  @signout-ends-other-devices-as-declared @may @low @needs-sign-out
  @defect-so-ends-other-devices @part-of-asvs-7.1.2
  Scenario: Sign-out ends the sessions of other devices if that is declared, and else none of them
    Given an attacker has captured the session of Ann's first device
    And the captured session opens Ann's session endpoint
    When Ann signs out on her laptop
    Then the captured session of Ann's first device has ended or lives on, as the profile declares

  @signout-by-get-ends-no-session @should @low @needs-sign-out
  @defect-so-signout-by-get @rfc9110-9.2.1 @asvs-3.5.3 @cwe-352
  Scenario: A GET request for the address of sign-out signs no user out
    Given an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When Ann's laptop requests the address of sign-out by GET
    Then Ann's laptop is still signed in

  @signout-without-a-session-breaks-nothing @must @low @needs-sign-out
  @defect-so-not-idempotent-5xx @part-of-asvs-16.5.3 @cwe-755
  Scenario: No sign-out breaks the server, with or without a session
    When Ann's laptop requests sign-out in these ways
      | without a body         |
      | once more              |
      | without a session      |
      | with a made-up session |
    Then no sign-out breaks the server
