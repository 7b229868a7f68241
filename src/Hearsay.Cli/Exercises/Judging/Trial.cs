namespace Hearsay.Cli.Exercises.Judging;

/// <summary>A property of a solution that is about to be tried.</summary>
/// <param name="Property">The property.</param>
/// <param name="Try">Tries it: what was given and what was seen; null if it holds.</param>
internal sealed record Trial(string Property, Func<string?> Try)
{
    /// <summary>Tries it.</summary>
    public Finding Judge() => new(Property, Try());
}
