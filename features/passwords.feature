Feature: Passwords
  A password counts as it was chosen: every character of it, in its case, blanks too, however long it is.
  Nobody is ever told one, not even its owner.

  Background:
    Given Ann is signed in

  @password-is-not-truncated @must @medium
  @defect-pp-silent-truncation @asvs-6.2.8 @nist-800-63b-3.1.1.2 @cwe-222
  Scenario: A long password with another end opens nothing
    Given Lea has signed up with a long password
    And Lea can sign in
    When someone tries to sign in as Lea with these passwords
      | hers with another end |
    Then none of them opened a session

  @password-is-case-sensitive @must @medium
  @defect-pp-case-or-trim-transformed @asvs-6.2.8 @cwe-178
  Scenario: A password in other case opens nothing
    Given Lea has signed up with a long password
    And Lea can sign in
    When someone tries to sign in as Lea with these passwords
      | hers with capitals and small letters swapped |
    Then none of them opened a session

  @password-spaces-are-significant @should @medium
  @defect-pp-case-or-trim-transformed @asvs-6.2.8
  Scenario: A password with a blank more opens nothing
    Given Lea has signed up with a long password
    And Lea can sign in
    When someone tries to sign in as Lea with these passwords
      | hers with a blank before it |
      | hers with a blank after it  |
      | hers with its blank doubled |
    Then none of them opened a session

  @password-may-be-long @should @low
  @defect-pp-long-password-refused @asvs-6.2.9 @nist-800-63b-3.1.1.2 @cwe-521
  Scenario: A password of 64 characters is taken, and no long one crashes the server
    Given Lea has signed up with a long password
    And Lea can sign in
    When Zoe signs up with a password of 200 characters
    Then no sign-up with a long password was answered by a crash
    And Lea's password has 64 characters or more

  @password-is-in-no-response @must @high
  @defect-su-password-or-hash-in-response @asvs-14.2.6 @asvs-15.3.1 @api3-2023 @cwe-200 @cwe-522
  Scenario: No answer holds a password or the hash of one
    When Ann signs in on her laptop
    And Ann's browser and a browser without cookies ask who is signed in
    Then no answer to Ann since she signed up holds her password or its hash
