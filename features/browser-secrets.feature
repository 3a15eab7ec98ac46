Feature: Secrets in a browser
  What a page shows and lets scripts read is no credential.

  @browser-scripts-cannot-read-session @must @high @core @needs-browser
  @defect-ck-session-cookie-not-httponly @part-of-asvs-3.3.4 @rfc6265bis-4.1.2.6 @wstg-sess-02 @cwe-1004
  Scenario: No script on the page can read the session cookie
    Given Ann is signed in
    And Ann has a task
    And Ann has signed in on the sign-in page of her laptop
    And someone has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When a script on the page reads cookies and storage
    Then none of it is Ann's session

  @browser-password-is-masked @must @low @needs-browser
  @defect-ui-password-not-masked @asvs-6.2.6 @cwe-549
  Scenario Outline: The password is masked on the <form> page
    When somebody opens the <form> page in a browser
    Then the password is masked before and while it is typed

    Examples:
      | form    |
      | sign-in |
      | sign-up |

  @browser-password-not-in-url @should @medium @needs-browser
  @defect-ui-credentials-in-url-without-js @asvs-14.2.1 @cwe-598
  Scenario: A sign-in form that is submitted before its script runs puts no password into the address
    Given the sign-in page shows its form
    When Zoe fills in and submits the sign-in form where no script runs
    Then no address that the browser asked for holds the password
