using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Simulation.Cycles;

/// <summary>
/// The descriptors of one message: the sender's own first if the form says so, then what it chose from its view. One
/// request and one answer are reused for a whole run.
/// </summary>
internal sealed class Message(in ExchangeRules rules)
{
    private readonly ExchangeRules _rules = rules;
    private readonly uint[] _handles = new uint[rules.MaximumBuffer + 1];
    private readonly ushort[] _ages = new ushort[rules.MaximumBuffer + 1];
    private int _count;
    private int _own;

    public ReadOnlySpan<uint> Handles => _handles.AsSpan(0, _count);

    public ReadOnlySpan<ushort> Ages => _ages.AsSpan(0, _count);

    /// <summary>What the sender took from its view, without its own descriptor.</summary>
    public ReadOnlySpan<uint> Sent => _handles.AsSpan(_own.._count);

    /// <summary>No descriptors: a request that only asks for an answer.</summary>
    public void Clear() => (_count, _own) = (0, 0);

    public void Write(uint sender, ref ViewSlice view, bool answers, ref SeededRandom random)
    {
        _own = ExchangeKernel.SendsOwnDescriptor(_rules, answers) ? 1 : 0;
        (_handles[0], _ages[0]) = (sender, 0);
        _count = _own + ExchangeKernel.Prepare(
            _rules, ref view, answers, _handles.AsSpan(_own), _ages.AsSpan(_own), ref random);
    }
}
