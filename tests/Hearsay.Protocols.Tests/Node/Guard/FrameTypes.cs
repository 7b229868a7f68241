using System.Reflection;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Requests;
using Hearsay.Protocols.Rotation;
using Hearsay.Protocols.Rumors;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using RumorMongering = Hearsay.Protocols.Rumors.RumorProtocol;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>Every frame type of every protocol, as the sources have it.</summary>
internal static class FrameTypes
{
    /// <summary>Where the constants of a protocol's frame types are.</summary>
    private static readonly (byte Protocol, Type Constants)[] _protocols =
    [
        (Frame.Node, typeof(Frame)), (SamplingMessage.Protocol, typeof(SamplingMessage)),
        (NeighbourMessage.Protocol, typeof(NeighbourMessage)), (BroadcastFrame.Protocol, typeof(BroadcastFrame)),
        (RumorMongering.FrameId, typeof(RumorMessage)), (AggregationProtocol.ProtocolId, typeof(AggregationMessage)),
        (FlowUpdatingProtocol.ProtocolId, typeof(FlowUpdatingMessage)),
        (PushSumProtocol.ProtocolId, typeof(PushSumMessage)),
        (TournamentProtocol.ProtocolId, typeof(TournamentMessage)), (MapFrame.Protocol, typeof(MapFrame)),
        (RequestMessage.Protocol, typeof(RequestMessage)), (KeyringMessage.Protocol, typeof(KeyringMessage)),
    ];

    /// <summary>Bytes in those classes that are no frame types.</summary>
    private static readonly string[] _others =
    [
        "Frame.Node", "Frame.FirstApplicationProtocol", "BroadcastFrame.PullAtOnce", "BroadcastFrame.Whole",
        "BroadcastFrame.MaximumHops", "RumorMessage.WantsFeedback",
        "RumorMessage.WantsAnswer", "RumorMessage.IsAnswer", "RumorMessage.GoesOn", "RumorMessage.TurnedAway",
        "RumorMessage.WasNew", "RumorMessage.LargestCounter", "TournamentMessage.Value", "TournamentMessage.NotYet",
        "TournamentMessage.None", "RequestMessage.Again", "RequestMessage.Opens",
        "RequestMessage.Traced",
    ];

    /// <summary>All of them: a byte that is not known to be something else is a type.</summary>
    public static IReadOnlyList<(byte Protocol, byte Type, string Name)> All { get; } =
        [.. _protocols.SelectMany(static p => Of(p.Protocol, p.Constants))];

    /// <summary>Those in which types were looked for, so that a new one is noticed.</summary>
    public static IEnumerable<byte> Protocols => _protocols.Select(static p => p.Protocol);

    private static IEnumerable<(byte Protocol, byte Type, string Name)> Of(byte protocol, Type constants) => constants
        .GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(static field => field.IsLiteral && field.FieldType == typeof(byte) && field.Name != "Protocol")
        .Where(field => !_others.Contains($"{constants.Name}.{field.Name}"))
        .Select(field => (protocol, (byte)field.GetRawConstantValue()!, $"{constants.Name}.{field.Name}"));
}
