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

  @refresh-token-works-once-under-concurrency @must @high @needs-refresh
  @defect-rf-single-use-race @rfc9700-4.14.2 @asvs-10.4.5 @cwe-362 @cwe-367
  Scenario: A refresh token presented several times at the same moment yields a token once
    When Ann's laptop uses its refresh token 5 times at the same moment, in 5 rounds
    Then in no round it yields a token more than once

  @refresh-token-of-earlier-generation-refused @must @high @needs-refresh
  @defect-rf-older-generation-accepted @rfc9700-4.14.2 @asvs-10.4.5 @cwe-294
  Scenario: A refresh token that was used several generations ago is refused
    When Ann refreshes three times on her laptop
    And the attacker presents the first and the second of the used refresh tokens
    Then neither yields a token

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

  @refresh-access-token-is-no-refresh-token @must @high @needs-refresh
  @defect-rf-access-token-accepted-as-refresh @rfc8725-3.12 @cwe-345
  Scenario: An access token is not accepted as a refresh token
    When an attacker presents an access token of Ann's laptop as a refresh token
    Then it yields no token

  @refresh-identity-from-token-only @must @critical @needs-refresh
  @defect-rf-identity-from-body @asvs-8.3.1 @api1-2023 @cwe-639
  Scenario Outline: No user may refresh as another user by naming them by <hint>
    Given Bob is signed in
    And Bob has a task
    When Ann refreshes on her laptop, naming Bob by <hint>
    Then every token that comes is Ann's

    Examples:
      | hint                    |
      | his id in the body      |
      | his address in the body |
      | the query               |

  @expiry-expired-refresh-token-is-refused @must @high @expiry @needs-refresh
  @defect-rf-expired-refresh-accepted @rfc9700-4.14.2 @part-of-asvs-10.4.8 @cwe-613
  Scenario: An expired refresh token yields no token
    Given Zoe has an account of her own
    And Zoe is also signed in on her laptop
    When the refresh token of Zoe's laptop expires and an attacker presents it
    Then it yields no token
