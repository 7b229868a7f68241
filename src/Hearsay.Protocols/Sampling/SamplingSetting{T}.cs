namespace Hearsay.Protocols.Sampling;

/// <summary>An option whose values have a type.</summary>
/// <param name="Property">See the base.</param>
/// <param name="Help">See the base.</param>
/// <param name="Allowed">See the base.</param>
/// <param name="Default">See the base.</param>
/// <param name="Least">The lowest value that may be allowed. Other options may narrow the range.</param>
/// <param name="Most">The highest value that may be allowed.</param>
/// <param name="With">Options in which it has another value.</param>
internal sealed record SamplingSetting<T>(
    string Property, string Help, string? Allowed, string Default, T Least, T Most,
    Func<PeerSamplingOptions, T, PeerSamplingOptions> With) : SamplingSetting(Property, Help, Allowed, Default)
    where T : struct
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Words =>
        typeof(T) == typeof(bool) ? ["true", "false"]
        : typeof(T) == typeof(PeerSelection) ? Lower(Enum.GetNames<PeerSelection>())
        : typeof(T) == typeof(Propagation) ? Lower(Enum.GetNames<Propagation>())
        : [];

    private static string[] Lower(string[] names) => [.. names.Select(static name => name.ToLowerInvariant())];
}
