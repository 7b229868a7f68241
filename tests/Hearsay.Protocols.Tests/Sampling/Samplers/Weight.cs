namespace Hearsay.Protocols.Tests.Sampling.Samplers;

/// <summary>Weights that a test writes as a function.</summary>
internal sealed class Weight(Func<Peer, double> weightOf) : IPeerWeight
{
    public static Weight Of(Func<Peer, double> weightOf) => new(weightOf);

    public double WeightOf(in Peer peer) => weightOf(peer);
}
