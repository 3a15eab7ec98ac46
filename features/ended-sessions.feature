Feature: Ended sessions
  What the server has ended stays ended for every copy of it, a cookie that caches the session included.

  Background:
    Given Zoe has an account of her own

  @ended-session-changes-nothing @must @high
  @defect-se-dead-session-writes @asvs-7.4.1 @cwe-613
  Scenario Outline: No copy of a session ended by <ending> may act for its user
    Given Zoe is also signed in on her laptop
    And an attacker has copied everything that Zoe's laptop holds
    When Zoe ends the session of her laptop by <ending>
    And the attacker tries to do these for Zoe with the copy
      | change the name           |
      | list the sessions         |
      | revoke the other sessions |
      | renew the session         |
    Then no attempt has an effect or prolongs the session

    Examples:
      | ending                   |
      | sign-out                 |
      | revocation               |
      | a change of her password |

  @account-deletion-ends-copied-sessions @must @high @needs-delete-user
  @defect-se-dead-session-writes @asvs-7.4.2 @cwe-613
  Scenario: No copy of a session may act for a deleted account
    Given an attacker has copied everything that Zoe's first device holds
    When Zoe deletes her account
    And the attacker tries to do these for Zoe with the copy
      | change the name   |
      | list the sessions |
      | renew the session |
    Then no attempt has an effect or prolongs the session

  @ended-session-is-dead-at-once @should @medium @needs-sign-out
  @defect-so-declared-cache-exceeded @asvs-7.4.1 @cwe-613
  Scenario: Every copy of a session is dead at once after sign-out
    Given Zoe has a task
    And Zoe is also signed in on her laptop
    And an attacker has copied everything that Zoe's laptop holds
    And the copy opens Zoe's account at these places
      | token endpoint |
      | task list      |
    When Zoe signs out on her laptop
    Then the copy opens nothing of Zoe's

  @ended-session-cache-is-bounded @must @high @expiry @needs-sign-out
  @defect-so-session-survives-signout @asvs-7.4.1 @cwe-613
  Scenario: No copy of a session outlives sign-out for longer than a cache may answer
    Given Zoe is also signed in on her laptop
    And an attacker has copied everything that Zoe's laptop holds
    When Zoe signs out on her laptop
    Then the copy opens nothing of Zoe's once a cache has to be over
