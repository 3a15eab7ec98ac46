Feature: Sign-out
  Signing out ends the session on the server, there and then, on that device only.

  Background:
    Given Ann is signed in
    And Ann has a task
    And Ann is signed in on her laptop too

  @signout-ends-captured-session @must @high @core @needs-sign-out
  @defect-so-session-survives-signout @asvs-7.4.1 @wstg-sess-06 @cwe-613
  Scenario Outline: A session captured before sign-out no longer opens the <place>
    Given someone has captured the session of Ann's laptop
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
  Scenario Outline: A session captured before sign-out gets nothing more from the <place>
    Given someone has captured the session of Ann's laptop
    And the captured session opens Ann's <place>
    When Ann signs out on her laptop
    Then the captured session no longer opens Ann's <place>
    And Ann's first device still opens her <place>

    Examples:
      | place          |
      | token endpoint |
      | task list      |

  @signout-clears-the-cookie @must @medium @core @needs-sign-out
  @defect-so-cookie-not-cleared @asvs-14.3.1 @wstg-sess-06
  Scenario: The browser holds no session cookie after sign-out
    Given Ann's laptop holds a session cookie
    When Ann signs out on her laptop
    Then Ann's laptop holds no session cookie

  @signout-ends-access-tokens @should @medium @needs-sign-out @needs-token
  @defect-so-jwt-survives-beyond-policy @part-of-asvs-7.4.1 @wstg-sess-06 @cwe-613
  Scenario: An access token from before sign-out is dead after it, or ends soon, as declared
    Given someone has captured the access token of Ann's laptop
    When Ann signs out on her laptop
    Then the captured token opens nothing of Ann's, or soon will not, as declared
