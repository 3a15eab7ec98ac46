Feature: Guessing
  Guessing a password is limited, no spelling of a request leads round the limit, and time ends it.

  @guessing-is-rate-limited @should @high @needs-rate-limit
  @defect-rl-signin-unlimited @part-of-asvs-6.3.1 @wstg-athn-03 @api2-2023 @cwe-307
  Scenario: Wrong passwords for an account are limited
    Given Zoe has a throw-away account
    And Zoe can sign in
    When an attacker tries 5 more wrong passwords for Zoe than the declared limit
    Then the right one does not sign in as Zoe at once

  @guessing-limit-ignores-client-headers @should @high @needs-rate-limit
  @defect-rl-forwarded-header-bypass @asvs-4.1.3 @cwe-348 @cwe-307 @ghsa-p6v2-xcpg-h6xw
  Scenario: No header of a client's own address leads round the limit
    Given an attacker has used up the guesses for an account of Zoe's
    When the attacker goes on in these ways
      | with X-Forwarded-For: 203.0.113.7  |
      | with X-Forwarded-For: 2001:db8::7  |
      | with X-Real-IP: 203.0.113.7        |
      | with Forwarded: for=203.0.113.7    |
      | with True-Client-IP: 203.0.113.7   |
      | with CF-Connecting-IP: 203.0.113.7 |
      | with X-Client-IP: 203.0.113.7      |
    Then no sign-in as Zoe is carried out

  @guessing-limit-covers-path-variants @should @medium @needs-rate-limit
  @defect-rl-path-variant-bypass @ghsa-x732-6j76-qmhm @cwe-307 @cwe-41
  Scenario: No spelling of the address of sign-in leads round the limit
    Given an attacker has used up the guesses for an account of Zoe's
    When the attacker goes on in these ways
      | at the address with a double slash     |
      | at the address with a slash at its end |
      | at the address in upper case           |
      | at the address in other case           |
      | at the address with an encoded letter  |
      | at the address with a query            |
    Then no sign-in as Zoe is carried out

  @guessing-limit-covers-identifier-variants @should @medium @needs-rate-limit
  @defect-rl-identifier-variant-bypass @part-of-asvs-6.3.1 @cwe-307
  Scenario: No spelling of the account leads round the limit
    Given an attacker has used up the guesses for an account of Zoe's
    When the attacker goes on in these ways
      | for the account in upper case                       |
      | for the account with its first letter in other case |
      | for the account with a space before it              |
      | for the account with a space after it               |
    Then no sign-in as Zoe is carried out

  @guessing-limit-names-the-wait @may @low @needs-rate-limit
  @defect-rl-429-without-retry-after @rfc6585-4 @rfc9110-10.2.3
  Scenario: A throttled sign-in says how long to wait
    Given an attacker has used up the guesses for an account of Zoe's
    When the attacker guesses once more
    Then a 429 to a sign-in as Zoe says how long to wait

  @guessing-limit-ends-as-declared @should @medium @needs-rate-limit
  @defect-rl-lockout-outlives-window @part-of-asvs-6.1.1 @cwe-645
  Scenario: The owner can sign in again when the limit ends
    Given an attacker has used up the guesses for an account of Zoe's
    When the declared limit on guessing Zoe's password ends
    Then Zoe's right password signs in again

  @guessing-limit-holds-against-bursts @should @medium @needs-rate-limit
  @defect-rl-concurrent-burst-bypass @asvs-2.3.4 @part-of-asvs-6.3.1 @cwe-362 @cwe-307
  Scenario: Wrong passwords at the same moment are limited as others are
    Given Zoe has a throw-away account
    And Zoe can sign in
    When an attacker tries five times as many wrong passwords for Zoe as declared at the same moment
    Then no more of them than the limit are verified for Zoe

  @signin-unknown-address-refused @must @critical
  @defect-si-unknown-user-accepted @api2-2023 @cwe-287
  Scenario: An address without an account opens no session
    When an attacker signs in twice with an address that has no account
    Then no session results from it
    And Ann's own account is signed in
