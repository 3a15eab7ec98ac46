Feature: Session management
  People see where they are signed in, and can end it there. The list and the ending are theirs alone.

  @sessions-list-shows-own-sessions-only @must @high @needs-list-sessions
  @defect-se-revocation-ineffective-or-cross-user @asvs-8.2.2 @api1-2023 @cwe-639
  Scenario: The list of sessions holds nothing of anybody else's
    Given Ann and Bob are signed in
    And Ann's list of sessions shows what is new when she signs in on her laptop
    When Bob signs in on his laptop
    Then Ann's list of sessions has no new entry and nothing of Bob's

  @sessions-revoked-session-is-refused @must @high @needs-list-sessions @needs-revoke-session
  @defect-se-revocation-ineffective-or-cross-user @part-of-asvs-7.5.2 @asvs-7.4.1 @cwe-613
  Scenario: A revoked session is dead, and it alone
    Given Ann is signed in
    And Ann's list of sessions shows what is new when she signs in on her laptop
    And someone has captured the session of Ann's laptop
    And the captured session opens these places of Ann's
      | session endpoint |
      | token endpoint   |
    When Ann revokes that session from her first device
    Then the captured session opens none of these places of Ann's
    And Ann's first device still opens her session endpoint

  @idor-session-revocation-is-refused @must @high @needs-list-sessions @needs-revoke-session
  @defect-se-revocation-ineffective-or-cross-user @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario: Nobody can revoke another person's session
    Given Ann and Bob are signed in
    And Ann's list of sessions shows what is new when she signs in on her laptop
    And someone has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When Bob tries to revoke that session from his first device
    Then Ann's laptop still opens her session endpoint
    And Ann herself can revoke the session of her laptop

  @sessions-revoking-others-keeps-current-session @must @high @needs-revoke-other-sessions
  @defect-se-revocation-ineffective-or-cross-user @part-of-asvs-7.5.2 @asvs-7.4.1 @asvs-8.2.2 @cwe-613
  Scenario: Revoking all other sessions ends them, and neither this one nor another person's
    Given Ann and Bob are signed in
    And Ann is signed in on her laptop too
    And someone has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When Ann revokes her other sessions from her first device
    Then the captured session no longer opens Ann's session endpoint
    And Ann's first device still opens her session endpoint
    And Bob's first device still opens his session endpoint
