Feature: Session management
  A user can list their own sessions and revoke them. No user may list or revoke another user's.

  @sessions-list-works-for-its-owner @must @medium @needs-list-sessions
  @defect-av-own-account-operation-fails @part-of-asvs-7.5.2
  Scenario: A user can list their own sessions
    Given Ann is signed in
    When Ann lists her sessions
    Then the list has a session

  @sessions-list-shows-own-sessions-only @must @high @needs-list-sessions
  @defect-se-revocation-ineffective-or-cross-user @asvs-8.2.2 @api1-2023 @cwe-639
  Scenario: A list of sessions contains no other user's session
    Given Ann and Bob are signed in
    And Ann's sign-in on her laptop adds one entry to her list of sessions
    When Bob signs in on his laptop
    Then Ann's list of sessions has no new entry and nothing of Bob's

  @sessions-revoked-session-is-refused @must @high @needs-list-sessions @needs-revoke-session
  @defect-se-revocation-ineffective-or-cross-user @part-of-asvs-7.5.2 @asvs-7.4.1 @cwe-613
  Scenario: Revoking a session ends that session only
    Given Ann is signed in
    And Ann's sign-in on her laptop adds one entry to her list of sessions
    And an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's account at these places
      | session endpoint |
      | token endpoint   |
    When Ann revokes that session from her first device
    Then the captured session opens Ann's account at none of these places
    And Ann's first device still opens her session endpoint

  @idor-session-revocation-is-refused @must @high @needs-list-sessions @needs-revoke-session
  @defect-se-revocation-ineffective-or-cross-user @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario: No user may revoke another user's session
    Given Ann and Bob are signed in
    And Ann's sign-in on her laptop adds one entry to her list of sessions
    And an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When Bob tries to revoke that session from his first device
    Then Ann's laptop still opens her session endpoint
    And Ann can revoke the session of her laptop

  @sessions-revoking-others-keeps-current-session @must @high @needs-revoke-other-sessions
  @defect-se-revocation-ineffective-or-cross-user @part-of-asvs-7.5.2 @asvs-7.4.1 @asvs-8.2.2 @cwe-613
  Scenario: Revoking all other sessions ends only the user's other sessions
    Given Ann and Bob are signed in
    And Ann is also signed in on her laptop
    And an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When Ann revokes her other sessions from her first device
    Then the captured session no longer opens Ann's session endpoint
    And Ann's first device still opens her session endpoint
    And Bob's first device still opens his session endpoint

  @sessions-revoking-all-ends-every-session @must @high @needs-revoke-all-sessions
  @defect-se-revocation-ineffective-or-cross-user @part-of-asvs-7.5.2 @asvs-7.4.1 @asvs-8.2.2 @cwe-613
  Scenario: Revoking all sessions ends every session of the user, the current one included
    Given Bob is signed in
    And Zoe has a new account and is signed in on her laptop as well
    And an attacker has captured the session of Zoe's laptop
    And the captured session opens Zoe's session endpoint
    When Zoe revokes all her sessions from her laptop
    Then the captured session no longer opens Zoe's session endpoint
    And Zoe's first device is signed out
    And Bob's first device still opens his session endpoint
