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

  @signup-prevents-id-collision @must @critical
  @defect-su-id-collision-overwrites-user @asvs-15.3.3 @api3-2023 @cwe-915 @cwe-639
  Scenario: Signing up with another user's id changes nothing of theirs
    Given Ann is signed in
    And Ann has a task
    When Zoe signs up and also sends Ann's id as her own
    Then Zoe's session shows nothing of Ann's
    And Ann still signs in with her own password

  @credentials-in-query-do-nothing @must @medium
  @defect-su-credentials-by-get @asvs-14.2.1 @asvs-3.5.3 @rfc9110-9.2.1 @api2-2023 @cwe-598
  Scenario Outline: No <operation> may be carried out by GET with the password in the query
    Given Ann is signed in
    And Ann can sign in
    When <operation> is requested by GET with <whose> password in the query
    Then no account, session or token results

    Examples:
      | operation | whose      |
      | sign-in   | Ann's      |
      | sign-up   | Zoe's new  |

  @signup-race-makes-one-account @should @medium
  @defect-su-signup-race-duplicates @asvs-2.3.3 @asvs-2.3.4 @cwe-362 @cwe-367
  Scenario: Sign-ups with one address at the same moment make one account
    When Zoe signs up three times at the same moment
    Then they have made one account

  @signup-refuses-what-is-no-address @should @low
  @defect-su-invalid-email-accepted @asvs-2.2.1 @asvs-2.2.2 @asvs-1.3.11 @cwe-20 @cwe-93
  Scenario: A text that is no address gets no account
    Given Ann is signed in
    And Ann's sign-up gave her a usable account
    When Zoe tries to sign up with each of these for an address
      | not-an-email                                   |
      | an empty text                                  |
      | an address with CR and LF and a further header |
    Then Zoe gets no usable account

  @signup-session-waits-for-verification @must @high
  @defect-su-session-before-verification @asvs-2.3.1 @cwe-287
  Scenario: No session is opened before the address is verified
    When Zoe signs up and signs in before her address is verified
    Then Zoe is not signed in yet
    And Zoe signs in once her address is verified
