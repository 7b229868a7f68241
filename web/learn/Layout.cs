using System.Net;

namespace Hearsay.Learn;

/// <summary>What every page of the site has around its text.</summary>
internal static class Layout
{
    /// <summary>A whole page.</summary>
    /// <param name="up">The way to the root of the site: <c>../</c>, or more of them.</param>
    /// <param name="title">The title.</param>
    /// <param name="navigation">The list beside the text.</param>
    /// <param name="body">The text.</param>
    public static string Page(string up, string title, string navigation, string body) => $"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>{WebUtility.HtmlEncode(title)} · Hearsay</title>
          <link rel="icon" href="{up}icon.svg" type="image/svg+xml">
          <link rel="stylesheet" href="{up}learn.css">
        </head>
        <body>
        <a class="skip" href="#text">To the text</a>
        <aside>
          <a class="brand" href="{up}"><img src="{up}icon.svg" alt="" width="26" height="26">hearsay</a>
          <p class="play"><a href="{up}">Playground</a> <a href="{up}learn/index.html">Chapters</a>
            <a href="{up}learn/api/index.html">API</a></p>
          <label class="search">Search<input id="search" type="search" autocomplete="off"></label>
          <ul id="found" aria-live="polite"></ul>
          {navigation}
        </aside>
        <main id="text">{body}</main>
        <script type="module" src="{up}learn.js"></script>
        </body>
        </html>
        """;
}
