using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>
/// Stands between a node and one method of aggregation that runs by itself: definitions, of which else
/// <see cref="AggregationProtocol"/> tells it, come as commands.
/// </summary>
internal sealed class DefinedDirectly(IProtocol method) : IProtocol
{
    public byte Id => method.Id;

    public void Start(IProtocolContext context) => method.Start(context);

    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body) =>
        method.Receive(context, from, type, body);

    public void OnDue(IProtocolContext context, long token) => method.OnDue(context, token);

    public void OnViewChange(IProtocolContext context, in ViewChange change) => method.OnViewChange(context, change);

    public void OnLeave(IProtocolContext context) => method.OnLeave(context);

    public void OnCommand(IProtocolContext context, object command)
    {
        var carrier = (IAggregateCarrier)method;
        switch (command)
        {
            case AggregationCommand.Define define:
                carrier.TryCarry(AggregateDefinitionCodec.IdOf(define.Definition), define.Definition);
                break;
            case AggregationCommand.Release release:
                carrier.Withdraw(release.Id);
                break;
            default:
                method.OnCommand(context, command);
                break;
        }
    }
}
