Feature: Account deletion
  Deleting an account ends every credential for it.

  Background:
    Given Zoe has an account of her own

  @account-deletion-ends-signin @must @high @needs-delete-user
  @defect-se-deleted-user-still-active @nist-800-63b-4.5 @cwe-287
  Scenario: The password of a deleted account no longer signs in
    Given Zoe can sign in
    When Zoe deletes her account
    Then Zoe's password no longer signs in

  @account-deletion-ends-sessions @must @high @needs-delete-user
  @defect-se-deleted-user-still-active @asvs-7.4.2 @ghsa-2vg6-77g8-24mp @cwe-613
  Scenario: Deleting an account ends its sessions on every device
    Given Zoe is also signed in on her laptop
    And an attacker has captured the session of Zoe's laptop
    And the captured session opens Zoe's account at these places
      | session endpoint |
      | token endpoint   |
    When Zoe deletes her account
    Then the captured session opens Zoe's account at none of these places

  @account-deletion-ends-access-tokens @must @high @needs-delete-user @needs-token
  @defect-se-deleted-user-still-active @part-of-asvs-7.4.2 @cwe-613
  Scenario: An access token of a deleted account is rejected within its declared lifetime
    Given Zoe has a task
    And an attacker has captured the access token of Zoe's first device
    When Zoe deletes her account
    Then Zoe's captured token is rejected within its declared lifetime
