using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Security;

namespace Hearsay.Agent.Keys;

/// <summary>What the commands about keys share: reading the files, and what is said when that fails.</summary>
internal static class KeyFiles
{
    /// <summary>The time that is signed, in seconds since 1970.</summary>
    public static ulong Now => (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>The option that names the operator's key.</summary>
    public static Option<string> OperatorOption(bool required) => new("--operator")
    {
        Description = "The operator's key, from 'hearsay keys operator'", HelpName = "FILE", Required = required,
    };

    /// <summary>Reads a keyring.</summary>
    /// <exception cref="IOException">It cannot be read, or is none.</exception>
    public static Keyring ReadRing(string path) =>
        Keyring.TryParse(SecretFile.Read(path, Keyring.MaximumCharacters), out var ring, out var error)
            ? ring! : throw new IOException($"'{path}' is no keyring: {error}");

    /// <summary>Reads an operator's key.</summary>
    /// <exception cref="IOException">It cannot be read, or is none.</exception>
    public static OperatorKey ReadOperator(string path) =>
        OperatorKey.TryParse(SecretFile.Read(path, Keyring.MaximumCharacters), out var key, out var error)
            ? key! : throw new IOException($"'{path}' cannot be used: {error}");

    /// <summary>Runs a command that only reads and writes files.</summary>
    public static int Run(ParseResult parsed, Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (IOException failure)
        {
            parsed.InvocationConfiguration.Error.WriteLine(failure.Message);
            return ExitCode.Failed;
        }
    }
}
