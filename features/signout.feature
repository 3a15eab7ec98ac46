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
