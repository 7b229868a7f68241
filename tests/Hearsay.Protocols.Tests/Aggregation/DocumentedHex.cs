namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>The hex blocks of the pages under docs/protocols.</summary>
internal static class DocumentedHex
{
    public static byte[] Of(string page, string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This is not run inside the repository.");
        }

        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "protocols", page));
        var start = text.IndexOf($"```hex {name}\n", StringComparison.Ordinal) + name.Length + 8;
        var block = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
        return Convert.FromHexString(string.Concat(block.Where(char.IsAsciiHexDigit)));
    }
}
