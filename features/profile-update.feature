Feature: Profile update
  A user may change what is theirs to change, and nothing that only the server decides.

  @profile-update-prevents-mass-assignment @must @critical
  @defect-se-profile-update-mass-assignment @asvs-15.3.3 @api3-2023 @wstg-inpv-20 @cwe-915
  Scenario: No profile update may set a role, a verification, an id or an unconfirmed address
    Given Zoe has an account of her own
    And Zoe can change her name
    When Zoe changes her name and also sends these
      | a role             |
      | a verified address |
      | an id              |
      | a date of sign-up  |
      | another address    |
    Then Zoe's session shows none of these
