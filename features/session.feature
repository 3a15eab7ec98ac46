Feature: Session
  A session belongs to the person who signed in, is made by the server alone, and can't be made up or altered.

  @session-names-its-owner @must @high
  @functional
  Scenario: The session endpoint tells its owner from nobody
    Given Ann has a new account
    When Ann's browser and a browser without cookies ask who is signed in
    Then Ann's browser is told Ann and the other one nobody

  @session-fixation-planted-cookie-is-not-adopted @must @high @core
  @defect-se-session-fixation @asvs-7.2.4 @wstg-sess-03 @rfc6265bis-8.4 @cwe-384
  Scenario Outline: <planted> that was in the browser before sign-in is not the session after it
    Given Ann and Bob are signed in
    And Ann's first device has a session of hers
    When Bob signs in on his laptop, where <planted> was planted as the session cookie
    Then Bob's laptop holds a session of its own
    And what was planted is not Bob's session

    Examples:
      | planted            |
      | a made-up value    |
      | Ann's live session |

  @session-fixation-cookie-changes-at-signin @must @high @core
  @defect-se-session-fixation @asvs-7.2.4 @wstg-sess-03 @cwe-384
  Scenario: A session cookie handed out before sign-in is not kept after it
    Given Ann is signed in
    When Ann visits the sign-in page on her laptop and signs in there
    Then the session on her laptop is Ann's, with the address and the name she gave
    And none of the cookies from before is her session

  @session-tampered-cookie-is-refused @must @critical @core
  @defect-se-tampered-cookie-accepted @asvs-7.2.1 @cwe-565 @cwe-347
  Scenario Outline: A session cookie <altered> opens nothing
    Given Ann is signed in
    And someone has captured the session of Ann's first device
    And the captured session opens Ann's session endpoint
    When someone presents the captured session <altered> at the session endpoint
    Then it is refused

    Examples:
      | altered                            |
      | with its first character changed   |
      | with another session's signature   |
      | without its signature              |
      | replaced by the sign-in's token    |
      | replaced by a random value         |
