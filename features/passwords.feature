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
