Feature: Enumeration
  No response tells whose address has an account, or names another user.

  @user-enumeration-lookups-name-no-users @should @medium
  @defect-en-user-lookup-endpoint @api3-2023 @part-of-asvs-8.2.1 @wstg-idnt-04 @cwe-200
  Scenario Outline: No user can be looked up <how>
    Given Ann and Bob are signed in
    When Bob looks for Ann by every route that looks up users <how>
    Then no response tells her address or id, or that she has an account

    Examples:
      | how                  |
      | as a signed-in user  |
      | without a credential |

  @user-enumeration-signup-answers-alike @may @low @needs-alike-signup
  @defect-en-signup-reveals-account @part-of-asvs-6.3.8 @wstg-idnt-04 @cwe-204
  Scenario: Sign-up answers a known address as it answers a new one
    Given Zoe has an account of her own
    When an attacker signs up with Zoe's address and with new ones
    Then the responses to the sign-ups can't be distinguished

  @user-enumeration-reset-answers-alike @should @low @needs-request-reset
  @defect-en-reset-reveals-account @part-of-asvs-6.3.8 @wstg-idnt-04 @cwe-204
  Scenario: A request for a new password is answered alike for unknown and known addresses
    Given Zoe has an account of her own
    When an attacker asks for a new password for an unknown address and for Zoe's
    Then the responses to the requests for a new password can't be distinguished
