using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace Hearsay.Protocols.Tests;

/// <summary>The hex blocks of the pages under docs/protocols.</summary>
internal static partial class DocumentedHex
{
    public static byte[] Of(string page, string name)
    {
        var block = Assert.Single(Blocks(page), block => block.Groups[1].Value == name).Groups[2].Value;
        return Convert.FromHexString(string.Concat(block.Split()));
    }

    /// <summary>The names of a page's blocks, in order.</summary>
    public static IEnumerable<string> NamesOf(string page) => Blocks(page).Select(block => block.Groups[1].Value);

    /// <summary>The block with a number in it that a node draws by chance, which no page can tell.</summary>
    public static byte[] With(this byte[] documented, int at, ulong number)
    {
        BinaryPrimitives.WriteUInt64BigEndian(documented.AsSpan(at), number);
        return documented;
    }

    /// <summary>The number at a place.</summary>
    public static ulong NumberAt(this byte[] body, int at) => BinaryPrimitives.ReadUInt64BigEndian(body.AsSpan(at));

    public static void AssertSame(byte[] documented, byte[] actual) =>
        Assert.Equal(Convert.ToHexStringLower(documented), Convert.ToHexStringLower(actual));

    [GeneratedRegex(@"```hex ([a-z-]+)\n([0-9a-f\s]*)```")]
    private static partial Regex Block();

    private static MatchCollection Blocks(string page)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This is not run inside the repository.");
        }

        return Block().Matches(File.ReadAllText(Path.Combine(folder.FullName, "docs", "protocols", page)));
    }
}
