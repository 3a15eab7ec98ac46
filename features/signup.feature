Feature: Sign-up
  A new user gets an account of their own, usable as the deployment declares, and no more than they asked for.

  @signup-account-can-be-used @must @high
  @defect-su-signup-unusable @functional
  Scenario: A new account can be used from another device
    When Zoe signs up
    And Zoe signs in on her laptop
    Then the session on her laptop is Zoe's, with the address and the name she gave

  @signup-session-as-declared @must @medium
  @functional
  Scenario: Sign-up opens a session exactly where the profile declares one
    When Zoe signs up
    Then Zoe is signed in on her first device as the profile declares

  @signup-leaves-existing-account-alone @must @critical @core
  @defect-su-duplicate-email-takeover @asvs-8.2.2 @wstg-idnt-02 @cwe-694 @cwe-287
  Scenario: Signing up with somebody's address changes nothing of theirs
    Given Zoe has an account of her own
    And Zoe can sign in
    When Mallory signs up again with Zoe's address and another password
    Then Mallory's password does not sign in to Zoe's account
    And Mallory is not signed in as Zoe
    And Zoe still signs in with her own password

  @signup-one-account-per-address @should @medium
  @defect-su-email-case-duplicate @wstg-idnt-02 @cwe-178
  Scenario: No second account may be created under another spelling of an address
    Given Zoe has an account of her own
    And Zoe can sign in
    When Mallory signs up with Zoe's address in these spellings
      | in upper case before the @ |
      | between spaces             |
    Then none of them creates an account beside Zoe's

  @signup-prevents-mass-assignment @must @high @core
  @defect-su-mass-assignment @asvs-15.3.3 @asvs-8.2.3 @api3-2023 @wstg-inpv-20 @cwe-915
  Scenario: No sign-up may choose its own role, verification or id
    Given Ann is signed in
    When Zoe signs up and also sends a role, a verified address, an id and a date of her own
    Then Zoe's session shows none of these beyond an ordinary account like Ann's

  @signup-minimum-password-length @must @medium @core
  @defect-pp-min-length-not-enforced @asvs-6.2.1 @asvs-2.2.2 @wstg-athn-07 @cwe-521 @cwe-602
  Scenario Outline: The server itself refuses a password of <length>
    Given Ann is signed in
    And Ann's sign-up gave her a usable account
    When Zoe tries to sign up with a password of <length>
    Then Zoe gets no usable account

    Examples:
      | length                           |
      | one character                    |
      | one character below the minimum  |
