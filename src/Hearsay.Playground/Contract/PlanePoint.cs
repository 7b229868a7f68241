using System.Runtime.InteropServices;

namespace Hearsay.Playground.Contract;

/// <summary>A point of the plane that a node holds.</summary>
/// <param name="Node">Whose it is.</param>
/// <param name="X">To the right.</param>
/// <param name="Y">Upwards.</param>
/// <param name="IsSecond">Whether it is of the second class.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlanePoint(int Node, float X, float Y, bool IsSecond);
