using System.Runtime.InteropServices;

namespace Hearsay.Simulation;

/// <summary>What one cycle of a <see cref="RumorRun"/> did.</summary>
/// <param name="News">Nodes that learned the rumor.</param>
/// <param name="Known">Nodes that know it now.</param>
/// <param name="Hot">Nodes that spread it now.</param>
/// <param name="Payloads">Messages with the rumor that were sent, lost ones included.</param>
/// <param name="Requests">Messages that only asked for it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RumorCycle(int News, int Known, int Hot, int Payloads, int Requests);
