Feature: Refresh
  A refresh token yields new credentials once. After that, every copy of it is refused.

  Background:
    Given Ann is signed in
    And Ann has a task
    And Ann is also signed in on her laptop

  @refresh-gives-a-working-token @must @high @needs-refresh
  @defect-rf-refreshed-token-unusable-or-wrong @rfc6749-6
  Scenario: Refreshing gives a token that opens the owner's tasks
    When Ann refreshes on her laptop
    Then the new token opens Ann's tasks

  @refresh-token-works-once @must @high @core @needs-refresh
  @defect-rf-rotated-token-reusable @rfc9700-2.2.2 @rfc9700-4.14.2 @asvs-10.4.5 @ghsa-392p-2q2v-4372 @cwe-294 @cwe-613
  Scenario: A used refresh token is refused
    Given an attacker has captured the refresh token of Ann's laptop
    When Ann refreshes on her laptop
    And the attacker presents the captured refresh token
    Then it yields no token

  @refresh-reuse-ends-the-family @must @high @needs-refresh
  @defect-rf-reuse-does-not-revoke-family @rfc9700-4.14.2 @asvs-10.4.5 @cwe-613
  Scenario: After the reuse of a refresh token its successor is dead too
    Given an attacker has captured the refresh token of Ann's laptop
    When Ann refreshes on her laptop
    And the attacker presents the captured refresh token
    And Ann's laptop presents the successor
    Then neither yields a token

  @refresh-token-refused-after-signout @must @high @needs-refresh @needs-sign-out
  @defect-rf-works-after-signout @asvs-7.4.1 @cwe-613
  Scenario: A refresh token captured before sign-out is refused after it
    Given Ann has refreshed on her phone
    And an attacker has captured the refresh token of Ann's laptop
    When Ann signs out on her laptop
    And the attacker presents the captured refresh token
    Then it yields no token

  @refresh-token-is-no-access-token @must @high @needs-refresh @needs-token
  @defect-rf-refresh-token-accepted-as-access @rfc8725-3.12 @asvs-9.2.2
  Scenario: A refresh token is not accepted as an access token
    Given Ann's token opens her tasks
    When an attacker presents the refresh token of Ann's laptop as an access token
    Then it is refused
