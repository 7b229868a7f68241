namespace Hearsay.Cli.Exercises.Judging;

/// <summary>Something that every solution of an exercise does.</summary>
/// <param name="Text">What, in words that do not say how.</param>
/// <param name="Check">Looks at a new solution; null if it holds, otherwise what was given and what was seen.</param>
internal sealed record Property<T>(string Text, Func<Func<T>, string?> Check);
