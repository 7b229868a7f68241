namespace Hearsay.Agent.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Subject">What was looked at, in a word or two.</param>
/// <param name="Text">What was found: a sentence.</param>
/// <param name="Advice">What to do about it: a sentence; null where there is nothing to do.</param>
internal sealed record Finding(FindingLevel Level, string Subject, string Text, string? Advice = null)
{
    /// <summary>It is as it should be.</summary>
    public static Finding Ok(string subject, string text) => new(FindingLevel.Ok, subject, text);

    /// <summary>Somebody should know.</summary>
    public static Finding Warning(string subject, string text, string advice) =>
        new(FindingLevel.Warning, subject, text, advice);

    /// <summary>It will not work.</summary>
    public static Finding Problem(string subject, string text, string advice) =>
        new(FindingLevel.Problem, subject, text, advice);
}
