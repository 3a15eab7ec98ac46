Feature: Password change
  Only a user who knows the current password may change it. Changing it disables the old one and every other session.

  Background:
    Given Zoe has an account of her own

  @password-change-requires-current-password @must @high @needs-change-password
  @defect-se-password-change-without-current @asvs-6.2.3 @api2-2023 @wstg-athn-09 @cwe-620
  Scenario: No session may change the password without the current one
    Given Zoe can change her password with the current one
    When an attacker at Zoe's first device requests a new password with these as the current one
      | a wrong one  |
      | an empty one |
      | none at all  |
    Then none of the new passwords signs in to Zoe's account

  @password-change-disables-old-password @must @high @needs-change-password
  @defect-se-sessions-survive-password-change @asvs-6.2.2 @cwe-287
  Scenario: Changing a password disables the old one
    Given Zoe can sign in
    When Zoe changes her password on her first device
    Then Zoe's old password no longer signs in, and her new one does

  @password-change-ends-other-sessions @must @high @needs-change-password-ending-sessions
  @defect-se-sessions-survive-password-change @asvs-7.4.3 @cwe-613
  Scenario: Changing a password ends the sessions on other devices
    Given Zoe is also signed in on her laptop
    And an attacker has captured the session of Zoe's laptop
    And the captured session opens Zoe's account at these places
      | session endpoint |
      | token endpoint   |
    When Zoe changes her password on her first device
    Then the captured session opens Zoe's account at none of these places
    And Zoe can sign in again and open her session endpoint

  @password-change-ends-access-tokens @must @high @needs-change-password-ending-sessions @needs-token
  @defect-se-sessions-survive-password-change @part-of-asvs-7.4.3 @cwe-613
  Scenario: An access token from before a password change is rejected within its declared lifetime
    Given Zoe has a task
    And Zoe is also signed in on her laptop
    And an attacker has captured the access token of Zoe's laptop
    When Zoe changes her password on her first device
    Then Zoe's captured token is rejected within its declared lifetime
