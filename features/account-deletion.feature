Feature: Account deletion
  With the account everything ends that opened it.

  Background:
    Given Zoe has an account of her own

  @account-deletion-ends-signin @must @high @needs-delete-user
  @defect-se-deleted-user-still-active @nist-800-63b-4.5 @cwe-287
  Scenario: Nobody signs in to a deleted account
    Given Zoe can sign in
    When Zoe deletes her account
    Then Zoe's password opens nothing any more

  @account-deletion-ends-sessions @must @high @needs-delete-user
  @defect-se-deleted-user-still-active @asvs-7.4.2 @ghsa-2vg6-77g8-24mp @cwe-613
  Scenario: The sessions of a deleted account are dead on every device
    Given Zoe is signed in on her laptop too
    And someone has captured the session of Zoe's laptop
    And the captured session opens these places of Zoe's
      | session endpoint |
      | token endpoint   |
    When Zoe deletes her account
    Then the captured session opens none of these places of Zoe's

  @account-deletion-ends-access-tokens @must @high @needs-delete-user @needs-token
  @defect-se-deleted-user-still-active @part-of-asvs-7.4.2 @cwe-613
  Scenario: An access token of a deleted account is dead, or ends soon, as declared
    Given Zoe has a task
    And someone has captured the access token of Zoe's first device
    When Zoe deletes her account
    Then the captured token opens nothing of Zoe's, or soon will not, as declared
