using CsCheck;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// One packet that somebody without an address of his own throws at a node, made by chance of what honest nodes sent
/// each other lately, so that links, nonces and names in it are often good.
/// </summary>
/// <param name="Seed">What all that follows is drawn with.</param>
/// <param name="Copies">How many frames are packed.</param>
/// <param name="Source">Below <see cref="Sources"/> one of a few addresses, else one that never was before.</param>
/// <param name="Pause">Hundredths of a cycle that pass before.</param>
internal sealed record Thrown(ulong Seed, int Copies, int Source, int Pause)
{
    public const int Sources = 8;

    private const int FirstSource = 9000;

    private static readonly byte[] _protocols = [.. FrameTypes.Protocols, 77, 200];

    public static Gen<Thrown> Any { get; } = Gen.Select(
        Gen.ULong, Gen.Frequency((3, Gen.Const(1)), (2, Gen.Int[2, 6]), (1, Gen.Int[20, 90])), Gen.Int[0, 15],
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 150])),
        static (seed, copies, source, pause) => new Thrown(seed, copies, source, pause));

    /// <summary>The addresses that packets come from again and again.</summary>
    public static NodeAddress[] Repeated =>
        [.. Enumerable.Range(FirstSource, Sources).Select(VirtualNetwork.AddressOf)];

    /// <summary>Where it comes from: nobody lives there.</summary>
    public NodeAddress From(int number) =>
        VirtualNetwork.AddressOf(Source < Sources ? FirstSource + Source : FirstSource + Sources + number);

    /// <summary>The packet, and whom it is for.</summary>
    public (VirtualNode Target, byte[] Packet) Make(WholeNodes nodes, Specimens specimens)
    {
        var random = SeededRandom.For(Seed, 1, 2, 3);
        var all = specimens.All;
        var one = all[random.Below(all.Count)];
        var up = nodes.Members.Select(static member => member.Node).Where(static node => node.IsUp).ToArray();
        var target = random.Below(8) == 0 ? up[random.Below(up.Length)] : one.Target;
        var sender = random.Below(8) switch
        {
            0 => up[random.Below(up.Length)].Core.Self.Id,
            1 => new NodeId(random.NextUInt64() | 1, 5),
            2 => target.Core.Self.Id,
            _ => one.Sender,
        };
        var frames = new List<(byte, byte, byte[])>();
        if (random.Below(3) == 0)
        {
            frames.Add((Frame.Node, random.Below(4) == 0 ? Frame.Echo : Frame.Challenge, Noise(ref random, 8)));
        }

        var mixes = random.Below(3) == 0;
        for (var i = 0; i < Copies; i++)
        {
            frames.Add(Mutated(mixes ? all[random.Below(all.Count)] : one, ref random));
        }

        if (random.Below(3) == 0)
        {
            frames.Add((Frame.Node, Frame.Padding, Noise(ref random, random.Below(900))));
        }

        return (target, WholeNodes.Packet(sender, [.. frames]));
    }

    /// <summary>Half of them stay as they are.</summary>
    private static (byte, byte, byte[]) Mutated(Specimens.Specimen one, ref SeededRandom random)
    {
        var body = one.Body.ToArray();
        switch (random.Below(10))
        {
            case 0 when body.Length > 0:
                body[random.Below(body.Length)] ^= (byte)(1 << random.Below(8));
                break;
            case 1:
                body = body[..random.Below(body.Length + 1)];
                break;
            case 2:
                body = [.. body, .. Noise(ref random, random.Below(40))];
                break;
            case 3:
                return (one.Protocol, (byte)random.Below(20), body);
            case 4:
                return (_protocols[random.Below(_protocols.Length)], (byte)random.Below(20),
                    Noise(ref random, random.Below(120)));
            default:
                break;
        }

        return (one.Protocol, one.Type, body);
    }

    private static byte[] Noise(ref SeededRandom random, int length)
    {
        var bytes = new byte[length];
        foreach (ref var one in bytes.AsSpan())
        {
            one = (byte)random.Below(256);
        }

        return bytes;
    }
}
