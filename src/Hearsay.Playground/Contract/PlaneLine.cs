using System.Runtime.InteropServices;

namespace Hearsay.Playground.Contract;

/// <summary>A line that parts the plane, where <c>X x + Y y + Bias</c> is 0.</summary>
/// <param name="Label">What it is.</param>
/// <param name="X">The weight of x.</param>
/// <param name="Y">The weight of y.</param>
/// <param name="Bias">The bias.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlaneLine(string Label, float X, float Y, float Bias);
