Feature: Expiry
  Every credential expires. After that it opens nothing, even while the browser still sends it.

  Background:
    Given Ann has a new account
    And Ann has a task

  @expiry-expired-token-is-refused @must @critical @core @expiry @needs-token
  @defect-ex-expired-token-accepted @rfc7519-4.1.4 @asvs-9.2.1 @api2-2023 @wstg-sess-10 @cwe-613
  Scenario: An expired token is refused
    Given Ann's token opens her tasks
    When Ann's token expires and an attacker presents it
    Then it is refused

  @expiry-accepted-token-is-refused-later @must @high @expiry @needs-token @needs-shared-secret
  @defect-ex-cached-token-outlives-exp @rfc7519-4.1.4 @asvs-9.2.1 @cwe-613 @cwe-672
  Scenario: A token that was accepted before it expired is refused afterwards
    Given Ann's token opens her tasks
    When an attacker presents a token of Ann's after its end that was accepted before it
    Then it is refused

  @expiry-expired-refresh-token-is-refused @must @high @expiry @needs-refresh
  @defect-rf-expired-refresh-accepted @rfc9700-4.14.2 @part-of-asvs-10.4.8 @cwe-613
  Scenario: An expired refresh token yields no token
    Given Ann is also signed in on her laptop
    When the refresh token of Ann's laptop expires and an attacker presents it
    Then it yields no token

  @expiry-idle-session-is-refused @should @medium @expiry @needs-idle-timeout
  @defect-ex-idle-timeout-missing @asvs-7.3.1 @wstg-sess-07 @cwe-613
  Scenario: A session that is not used for its idle timeout is refused
    Given an attacker has captured the session of Ann's first device
    And the captured session opens Ann's session endpoint
    When Ann's session is not used for its idle timeout
    Then it is over

  @expiry-used-session-is-refused-in-the-end @should @medium @expiry @needs-absolute-lifetime
  @defect-ex-absolute-lifetime-missing @asvs-7.3.2 @rfc9700-4.14.2 @cwe-613
  Scenario: A session that is used all the time is refused after its absolute lifetime
    Given Ann is also signed in on her laptop
    When Ann's laptop uses its session until its absolute lifetime is over
    Then it is over

  @expiry-renewed-session-lives-on @must @medium @expiry @needs-session-renewal
  @defect-rf-session-refresh-drops-session @functional
  Scenario: The renewal of a session keeps its owner signed in and moves its end
    Given Ann is also signed in on her laptop
    When Ann's laptop uses its session when that is to be renewed
    Then Ann's laptop stays signed in until the end that is due

  @expiry-expired-session-is-refused @must @high @core @expiry
  @defect-ex-session-valid-after-expiry @asvs-7.4.1 @wstg-sess-07 @cwe-613
  Scenario Outline: An expired session no longer opens the <place>, even if its cookie is still sent
    Given an attacker has captured the session of Ann's first device
    And the captured session opens Ann's <place>
    And Bob is signed in
    When Ann's session expires on the server, and Bob's does not
    Then the captured session no longer opens Ann's <place>
    And Ann can sign in again and open her <place>

    Examples:
      | place            |
      | session endpoint |
      | protected page   |
      | task list        |

  @expiry-session-without-signout-ends @must @high @expiry @needs-session-without-sign-out
  @defect-so-session-survives-signout @part-of-asvs-7.4.1 @cwe-613
  Scenario: A session that no sign-out can end expires within its declared lifetime
    Given an attacker has captured the session of Ann's first device
    And the captured session opens Ann's session endpoint
    When the attacker replays the captured session at the session endpoint
    Then the session expires within its declared lifetime, which the replay has not prolonged

  @expiry-unrevocable-credential-is-short-lived @should @medium @expiry @needs-unrevocable-credential
  @defect-ex-issued-lifetime-excessive @part-of-asvs-7.4.1 @rfc9700-2.2 @cwe-613
  Scenario: A credential that nothing revokes is short-lived
    When Ann signs in on her laptop
    Then each credential on Ann's laptop that nothing revokes expires within an hour

  @expiry-further-routes-refuse-expired-credentials @must @critical @expiry @needs-further-routes
  @defect-ex-expired-token-accepted @asvs-7.4.1 @asvs-9.2.1 @cwe-613
  Scenario: No further route opens to an expired credential
    Given Bob is signed in
    And Ann can call every further route
    When what opens Ann's further routes expires, Bob's not, and an attacker presents it
    Then every one of them is refused
