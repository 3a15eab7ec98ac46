Feature: Forms in a browser
  Forms take passwords from where users keep them, and can be used again when something went wrong.

  @browser-password-can-be-pasted @must @low @needs-browser
  @defect-ui-paste-or-manager-blocked @part-of-asvs-6.2.7 @nist-800-63b-3.1.1.2
  Scenario Outline: A password can be pasted into the <form> form
    Given a browser can paste what it copied
    And an anonymous client has the <form> form open in a browser
    When it pastes a password into each password field
    Then each of them holds what was pasted

    Examples:
      | form    |
      | sign-in |
      | sign-up |

  @browser-password-managers-are-not-switched-off @should @low @needs-browser
  @defect-ui-paste-or-manager-blocked @part-of-asvs-6.2.7
  Scenario Outline: The <form> form does not switch password managers off
    When an anonymous client opens the <form> form in a browser
    Then no password field asks the browser for autocomplete="off"

    Examples:
      | form    |
      | sign-in |
      | sign-up |

  @browser-form-survives-failed-request @should @low @needs-browser
  @defect-ui-submit-stuck @functional
  Scenario: The sign-in form can be used again after its request failed on the way
    Given the sign-in page shows its form
    When Zoe submits the sign-in form and its request fails on the way
    Then the form sends another request within 5 seconds

  @browser-signin-by-keyboard @should @medium @needs-browser
  @functional
  Scenario: A user can sign in with the keyboard alone
    Given Ann is signed in
    And Ann has a task
    When Ann signs in on the sign-in page with the keyboard alone
    Then the browser shows Ann's tasks page

  @browser-double-submit-signs-in @should @medium @needs-browser
  @functional
  Scenario: A user who double-clicks the sign-in button is signed in
    Given Ann is signed in
    And Ann has a task
    When Ann double-clicks the sign-in button
    Then the browser shows Ann's tasks page
