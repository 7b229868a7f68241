using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;

namespace Hearsay.Playground.Web;

/// <summary>The calls of <see cref="PlayBridge"/>, for the page.</summary>
[SupportedOSPlatform("browser")]
internal static partial class Exports
{
    [JSExport]
    internal static string Scenes() => PlayBridge.Scenes();

    [JSExport]
    internal static string First() => PlayBridge.First();

    [JSExport]
    internal static string Scene(string name) => PlayBridge.Scene(name);

    [JSExport]
    internal static string Make(string link) => PlayBridge.Make(link);

    [JSExport]
    internal static double Approach(int parts) => PlayBridge.Approach(parts);

    [JSExport]
    internal static string RunUntil(double milliseconds) => PlayBridge.RunUntil(milliseconds);

    [JSExport]
    internal static string Step() => PlayBridge.Step();

    [JSExport]
    internal static string Act(string verb, string rest) => PlayBridge.Act(verb, rest);

    [JSExport]
    internal static byte[] Frame() => PlayBridge.Frame();

    [JSExport]
    internal static string State() => PlayBridge.State();

    [JSExport]
    internal static string Node(int side, int node) => PlayBridge.Node(side, node);

    [JSExport]
    internal static string Plane(int side) => PlayBridge.Plane(side);

    [JSExport]
    internal static string Merge(int node) => PlayBridge.Merge(node);
}
