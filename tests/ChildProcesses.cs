using System.Runtime.CompilerServices;

namespace Hearsay.Tests;

/// <summary>
/// The processes that tests start run for seconds, and most of that time is their compiler's. They inherit the setting
/// that Directory.Build.props gives the tests.
/// </summary>
internal static class ChildProcesses
{
    [ModuleInitializer]
    internal static void DoNotCountForLater() => Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
}
