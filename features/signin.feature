Feature: Sign-in
  The right address and the right password open a session, and nothing else does.

  Background:
    Given Ann is signed in

  @signin-opens-own-session @must @high
  @functional
  Scenario: The right password opens a session of its owner
    When Ann signs in on her laptop
    Then the session on her laptop is Ann's, with the address and the name she gave

  @signin-wrong-password-refused @must @critical @core
  @defect-si-wrong-password-accepted @asvs-6.2.8 @api2-2023 @wstg-athn-04 @cwe-287
  Scenario: A wrong password opens nothing
    Given Ann can sign in
    When someone tries to sign in as Ann with these passwords
      | a random one of legal length     |
      | hers with one character more     |
      | hers without its last character  |
    Then none of them opened a session

  @signin-prevents-open-redirect @must @high @core
  @defect-si-open-redirect-absolute @rfc9700-4.11 @asvs-3.7.2 @wstg-clnt-04 @cve-2025-27143 @ghsa-hjpm-7mrm-26w8 @cwe-601
  Scenario Outline: A target on another site, given <place>, is not followed after sign-in
    Given Ann can sign in with a target inside the deployment <place>
    When Ann signs in with the target "https://evil.invalid/x" <place>
    Then nothing in the answer leads outside the deployment

    Examples:
      | place        |
      | in the body  |
      | in the query |

  @signin-prevents-user-enumeration @should @medium @core
  @defect-en-signin-response-differs @part-of-asvs-6.3.8 @wstg-idnt-04 @cwe-204
  Scenario: An unknown address and a wrong password are answered alike
    Given Ann can sign in
    When someone tries three unknown addresses and three times Ann's with a wrong password
    Then the answers can't be told apart
