Feature: Session
  A session belongs to the user who signed in. Only the server makes one, and no client may forge or alter it.

  @session-names-its-owner @must @high
  @functional
  Scenario: The session endpoint names the owner of a session, and no user without one
    Given Ann has a new account
    And Bob has a new account
    When Ann's browser and a browser without cookies ask who is signed in
    Then the response to Ann's browser names Ann, and the other one no user

  @session-yields-access-token @must @high @core @needs-token
  @defect-av-valid-token-rejected @functional
  Scenario: The session of a signed-in user yields an access token
    Given Ann is signed in
    When Ann's browser asks the token endpoint for an access token
    Then the response has an access token for Ann

  @session-fixation-planted-cookie-is-not-adopted @must @high @core
  @defect-se-session-fixation @asvs-7.2.4 @wstg-sess-03 @rfc6265bis-8.4 @cwe-384
  Scenario Outline: No sign-in may adopt <planted> that was planted as the session cookie
    Given Ann and Bob are signed in
    And Ann's first device has a session of Ann's
    When Bob signs in on his laptop, where <planted> was planted as the session cookie
    Then Bob's laptop has a new session of Bob's
    And the planted value is not Bob's session

    Examples:
      | planted            |
      | a made-up value    |
      | Ann's live session |

  @session-fixation-cookie-changes-at-signin @must @high @core
  @defect-se-session-fixation @asvs-7.2.4 @wstg-sess-03 @cwe-384
  Scenario: Sign-in replaces a session cookie handed out before it
    Given Ann is signed in
    When Ann visits the sign-in page on her laptop and signs in there
    Then the session on her laptop is Ann's, with the address and the name she gave
    And none of the cookies from before is her session

  @session-before-signin-is-ended @should @low
  @defect-se-previous-session-survives-reauth @asvs-7.2.4 @cwe-613
  Scenario: Signing in where a session is live ends that session
    Given Ann is signed in
    And Ann is also signed in on her laptop
    And an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When Ann signs in once more on her laptop, which keeps its cookies
    Then the captured session has ended, and the new one is Ann's

  @session-value-is-new-at-each-signin @must @high
  @defect-se-token-not-rotated @asvs-7.2.2 @asvs-7.2.4 @cwe-384 @cwe-330
  Scenario: No two sign-ins give the same session
    Given Ann is signed in
    When Ann signs in on her laptop, signs out there and signs in again
    Then each of Ann's sign-ins has a session value of its own

  @session-values-cannot-be-guessed @must @high
  @defect-se-low-entropy-token @part-of-asvs-7.2.3 @cwe-330 @cwe-331
  Scenario Outline: No <credential> can be guessed from others of the same user
    Given Ann is signed in
    When Ann signs in until she has had 8 different <credential>s
    Then each <credential> of Ann's may have 64 random bits

    Examples:
      | credential    |
      | session value |
      | access token  |
      | refresh token |

  @session-values-have-128-random-bits @should @high
  @defect-se-low-entropy-token @asvs-7.2.3 @cwe-331
  Scenario Outline: Each <credential> has 128 random bits
    Given Ann is signed in
    When Ann signs in until she has had 8 different <credential>s
    Then each <credential> of Ann's, without its signature, may have 128 random bits

    Examples:
      | credential    |
      | session value |
      | access token  |
      | refresh token |

  @session-in-address-is-refused @must @medium
  @defect-se-session-id-in-url @asvs-14.2.1 @wstg-sess-04 @cwe-598
  Scenario Outline: No session is accepted from the address, <place in the address>
    Given Ann is signed in
    And Ann has a task
    And an attacker has captured the session of Ann's first device
    And the captured session opens Ann's account at these places
      | session endpoint |
      | task list        |
    When the attacker presents the captured session in the address alone, <place in the address>
    Then it is refused

    Examples:
      | place in the address         |
      | as session                   |
      | as token                     |
      | as sessionid                 |
      | under the name of its cookie |
      | as ;jsessionid               |

  @session-is-in-no-address @must @medium
  @defect-se-session-id-in-url @asvs-14.2.1 @wstg-sess-04 @cwe-598
  Scenario: Sign-in puts no session or token into an address
    Given Ann is signed in
    When Ann signs in on her laptop and goes where that leads
    Then no address on the way holds a session or token of Ann's laptop

  @session-unknown-value-shows-no-user @must @high
  @defect-se-anonymous-session-5xx-or-user @asvs-16.5.3 @cwe-755 @cwe-287
  Scenario: A session that no server has made shows no user and breaks nothing
    Given Ann is signed in
    And Ann's own session opens her session endpoint
    When an anonymous client asks the session endpoint with these sessions instead of Ann's
      | none           |
      | empty          |
      | made up        |
      | not base64     |
      | four kilobytes |
    Then no response names a user or is a server error
    And Ann's own session still opens her session endpoint

  @session-cookie-parts-name-no-other-user @must @critical
  @defect-se-composite-cookie-part-unsigned @defect-se-cookie-cache-forgeable @asvs-7.2.1 @asvs-9.1.1 @cwe-565 @cwe-345
  Scenario: No user becomes another by naming them in a part of a cookie
    Given Ann and Bob are signed in
    And Ann has a task
    And Bob's first device has a session of Bob's
    When Bob puts Ann's id and address in the place of his own in his cookies
    Then no response to Bob is Ann's

  @session-tampered-cookie-is-refused @must @critical @core
  @defect-se-tampered-cookie-accepted @asvs-7.2.1 @cwe-565 @cwe-347
  Scenario Outline: A session cookie <altered> opens nothing
    Given Ann is signed in
    And an attacker has captured the session of Ann's first device
    And the captured session opens Ann's session endpoint
    When the attacker presents the captured session <altered> at the session endpoint
    Then it is refused

    Examples:
      | altered                            |
      | with its first character changed   |
      | with another session's signature   |
      | without its signature              |
      | replaced by the sign-in's token    |
      | replaced by a random value         |

  @expiry-idle-session-is-refused @should @medium @expiry @needs-idle-timeout
  @defect-ex-idle-timeout-missing @asvs-7.3.1 @wstg-sess-07 @cwe-613
  Scenario: A session that is not used for its idle timeout is refused
    Given Zoe has an account of her own
    And an attacker has captured the session of Zoe's first device
    And the captured session opens Zoe's session endpoint
    When Zoe's session is not used for its idle timeout
    Then it is over

  @expiry-used-session-is-refused-in-the-end @should @medium @expiry @needs-absolute-lifetime
  @defect-ex-absolute-lifetime-missing @asvs-7.3.2 @rfc9700-4.14.2 @cwe-613
  Scenario: A session that is used all the time is refused after its absolute lifetime
    Given Zoe has an account of her own
    And Zoe is also signed in on her laptop
    When Zoe's laptop uses its session until its absolute lifetime is over
    Then it is over

  @expiry-renewed-session-lives-on @must @medium @expiry @needs-session-renewal
  @defect-rf-session-refresh-drops-session @functional
  Scenario: The renewal of a session keeps its owner signed in and moves its end
    Given Zoe has an account of her own
    And Zoe is also signed in on her laptop
    When Zoe's laptop uses its session when that is to be renewed
    Then Zoe's laptop stays signed in until the end that is due
