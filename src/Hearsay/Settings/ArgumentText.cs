namespace Hearsay.Settings;

/// <summary>What is wrong with an argument, for somebody who wrote none of .NET: a caller or an operator.</summary>
internal static class ArgumentText
{
    /// <summary>The message without the name of the parameter.</summary>
    public static string Of(Exception error) => error is ArgumentException { ParamName: { } name }
        ? error.Message.Replace($" (Parameter '{name}')", string.Empty, StringComparison.Ordinal) : error.Message;
}
