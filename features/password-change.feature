Feature: Change of password
  Only who knows the current password can replace it. Then the old one is worth nothing, and neither is what it opened.

  Background:
    Given Zoe has an account of her own

  @password-change-requires-current-password @must @high @needs-change-password
  @defect-se-password-change-without-current @asvs-6.2.3 @api2-2023 @wstg-athn-09 @cwe-620
  Scenario: Without the current password nobody changes it, signed in or not
    Given Zoe can change her password with the current one
    When someone at Zoe's first device asks for a new password with these for the current one
      | a wrong one  |
      | an empty one |
      | none at all  |
    Then none of the new passwords opens Zoe's account

  @password-change-disables-old-password @must @high @needs-change-password
  @defect-se-sessions-survive-password-change @asvs-6.2.2 @cwe-287
  Scenario: After a change of password the new one signs in and the old one does not
    Given Zoe can sign in
    When Zoe changes her password on her first device
    Then her old password opens nothing of Zoe's, and her new one does

  @password-change-ends-other-sessions @must @high @needs-change-password-ending-sessions
  @defect-se-sessions-survive-password-change @asvs-7.4.3 @cwe-613
  Scenario: A change of password ends the sessions on other devices
    Given Zoe is signed in on her laptop too
    And someone has captured the session of Zoe's laptop
    And the captured session opens these places of Zoe's
      | session endpoint |
      | token endpoint   |
    When Zoe changes her password on her first device
    Then the captured session opens none of these places of Zoe's
    And Zoe can sign in again and open her session endpoint
