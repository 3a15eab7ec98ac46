Feature: Passwords
  A password is verified exactly as it was chosen: every character, its case and its spaces, at any length.
  No response contains one, not even a response to its owner.

  Background:
    Given Ann is signed in

  @password-is-not-truncated @must @medium
  @defect-pp-silent-truncation @asvs-6.2.8 @nist-800-63b-3.1.1.2 @cwe-222
  Scenario: A long password with another ending opens no session
    Given Lea has signed up with a long password
    And Lea can sign in
    When an attacker tries to sign in as Lea with these passwords
      | her password with another ending |
    Then none of them opens a session

  @password-is-case-sensitive @must @medium
  @defect-pp-case-or-trim-transformed @asvs-6.2.8 @cwe-178
  Scenario: A password in other case opens no session
    Given Mia has signed up with a password that has a space in it
    And Mia can sign in
    When an attacker tries to sign in as Mia with these passwords
      | her password in other case |
    Then none of them opens a session

  @password-spaces-are-significant @should @medium
  @defect-pp-case-or-trim-transformed @asvs-6.2.8
  Scenario: A password with one more space opens no session
    Given Mia has signed up with a password that has a space in it
    And Mia can sign in
    When an attacker tries to sign in as Mia with these passwords
      | her password with a space before it |
      | her password with a space after it  |
      | her password with its space doubled |
    Then none of them opens a session

  @password-counts-behind-a-long-address @must @critical
  @defect-pp-long-identifier-hides-password @asvs-6.2.8 @cwe-305 @cwe-222
  Scenario: Another password opens no session for a long address
    Given Zoe has signed up with an address as long as sign-up takes
    And an attacker has tried other passwords for Zoe's long address
    And Zoe can sign in
    When an attacker tries other passwords for Zoe's long address again
    Then none of them opens a session

  @password-may-be-long @should @low
  @defect-pp-long-password-refused @asvs-6.2.9 @nist-800-63b-3.1.1.2 @cwe-521
  Scenario: A password of 64 characters is accepted
    Given Lea has signed up with a long password
    And Lea can sign in
    When Zoe signs up with a password of 200 characters
    Then no sign-up with a long password crashes the server
    And Lea's password has 64 characters or more

  @password-is-in-no-response @must @high
  @defect-su-password-or-hash-in-response @asvs-14.2.6 @asvs-15.3.1 @api3-2023 @cwe-200 @cwe-522
  Scenario: No response contains a password or its hash
    When Ann signs in on her laptop
    And Ann's browser and a browser without cookies ask who is signed in
    Then no response to Ann since her sign-up contains her password or its hash

  @password-needs-no-special-characters @should @low @needs-change-password
  @defect-pp-composition-rules @asvs-6.2.5 @nist-800-63b-3.1.1.2 @cwe-521
  Scenario Outline: A password of <characters> can be chosen
    Given Zoe has an account of her own
    When Zoe changes her password to <characters>
    Then Zoe's chosen password signs her in

    Examples:
      | characters                     |
      | 24 lower-case letters          |
      | lower-case letters with spaces |

  @password-may-be-in-any-script @should @low @needs-change-password
  @defect-pp-unicode-refused @nist-800-63b-3.1.1.2 @part-of-asvs-6.2.5
  Scenario: A password of letters of several scripts can be chosen
    Given Zoe has an account of her own
    When Zoe changes her password to letters of several scripts
    Then Zoe's chosen password signs her in

  @password-is-not-cut-at-a-nul @must @medium @needs-change-password
  @defect-pp-nul-truncation @asvs-6.2.8 @cwe-626
  Scenario: A password is not cut off at a NUL
    Given Zoe has an account of her own
    When Zoe chooses a password with a NUL in it
    Then what stands before the NUL does not sign in to Zoe's account

  @password-is-no-common-one @should @medium @needs-blocklist
  @defect-pp-common-password-accepted @part-of-asvs-6.2.4 @nist-800-63b-3.1.1.2 @api2-2023 @cwe-521
  Scenario Outline: A common password <form> is refused
    Given Ann signed up with an ordinary password
    When Zoe signs up with common passwords <form>
    Then Zoe gets no usable account

    Examples:
      | form                 |
      | as it is listed      |
      | in fullwidth letters |

  @password-of-a-megabyte-costs-little @should @low
  @defect-pp-huge-password-cost @part-of-asvs-2.2.1 @api4-2023 @cwe-400
  Scenario: A password of a megabyte is refused quickly
    Given Lea has signed up with a long password
    And Lea can sign in
    When an attacker sends passwords of a megabyte for Lea and for a new account
    Then each is refused about as quickly as an ordinary one
