namespace Hearsay.Protocols.Sampling;

/// <summary>
/// An option of <see cref="PeerSamplingOptions"/> as people write it: in a configuration, on a command line, in a help
/// text. <see cref="SamplingSettings"/> has all of them.
/// </summary>
/// <param name="Property">The name of the property, which is its key in a configuration too.</param>
/// <param name="Help">What it is, in a few words.</param>
/// <param name="Allowed">The values that it takes; null if they are words.</param>
/// <param name="Default">What holds if it is not given, and no preset is.</param>
internal abstract record SamplingSetting(string Property, string Help, string? Allowed, string Default)
{
    /// <summary>The name on the command line, without dashes: <c>view-size</c>.</summary>
    public string Name { get; } = string.Concat(Property.Select(static (letter, at) =>
        (char.IsUpper(letter) && at > 0 ? "-" : "") + char.ToLowerInvariant(letter)));

    /// <summary>What it is and which values it takes, without a full stop.</summary>
    public string Description => Allowed is null ? Help : $"{Help}: {Allowed}";

    /// <summary>The words that it takes; empty if it takes numbers or times.</summary>
    public virtual IReadOnlyList<string> Words => [];
}
