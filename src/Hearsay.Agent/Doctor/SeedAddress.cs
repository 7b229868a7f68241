using System.Net;

namespace Hearsay.Agent.Doctor;

/// <summary>An address of a seed.</summary>
/// <param name="Seed">The seed as it was named.</param>
/// <param name="EndPoint">One of its addresses.</param>
internal sealed record SeedAddress(string Seed, IPEndPoint EndPoint)
{
    /// <summary>As nodes have it.</summary>
    public NodeAddress Address => NodeAddress.From(EndPoint);

    /// <inheritdoc/>
    public override string ToString() => Seed == $"{EndPoint}" ? Seed : $"{Seed} ({EndPoint})";
}
