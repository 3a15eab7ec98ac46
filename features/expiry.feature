Feature: Expiry
  Every credential expires. After that it opens nothing, even while the browser still sends it.

  Background:
    Given Zoe has an account of her own
    And Zoe has just signed in
    And Zoe has a task

  @expiry-expired-token-is-refused @must @critical @core @expiry @needs-token
  @defect-ex-expired-token-accepted @rfc7519-4.1.4 @asvs-9.2.1 @api2-2023 @wstg-sess-10 @cwe-613
  Scenario: An expired token is refused
    Given Zoe's token opens her tasks
    When Zoe's token expires and an attacker presents it
    Then it is refused

  @expiry-expired-session-is-refused @must @high @core @expiry
  @defect-ex-session-valid-after-expiry @asvs-7.4.1 @wstg-sess-07 @cwe-613
  Scenario Outline: An expired session no longer opens the <place>, even if its cookie is still sent
    Given an attacker has captured the session of Zoe's first device
    And the captured session opens Zoe's <place>
    And Bob is signed in
    When Zoe's session expires on the server, and Bob's does not
    Then the captured session no longer opens Zoe's <place>
    And Zoe can sign in again and open her <place>

    Examples:
      | place            |
      | session endpoint |
      | protected page   |
      | task list        |

  @expiry-session-without-signout-ends @must @high @expiry @needs-session-without-sign-out
  @defect-so-session-survives-signout @part-of-asvs-7.4.1 @cwe-613
  Scenario: A session that no sign-out can end expires within its declared lifetime
    Given an attacker has captured the session of Zoe's first device
    And the captured session opens Zoe's session endpoint
    When the attacker replays the captured session at the session endpoint
    Then the session expires within its declared lifetime, which the replay has not prolonged

  @expiry-unrevocable-credential-is-short-lived @should @medium @expiry @needs-unrevocable-credential
  @defect-ex-issued-lifetime-excessive @part-of-asvs-7.4.1 @rfc9700-2.2 @cwe-613
  Scenario: A credential that nothing revokes is short-lived
    When Zoe signs in on her laptop
    Then each credential on Zoe's laptop that nothing revokes expires within an hour

  @expiry-further-routes-refuse-expired-credentials @must @critical @expiry @needs-further-routes
  @defect-ex-expired-token-accepted @asvs-7.4.1 @asvs-9.2.1 @cwe-613
  Scenario: No further route opens to an expired credential
    Given Bob is signed in
    And Zoe can call every further route
    When what opens Zoe's further routes expires, Bob's not, and an attacker presents it
    Then every one of them is refused
