using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Features.Maps;

/// <summary>
/// Keys by the texts under which applications look for them. A key that is not valid UTF-8, which only a node of
/// another make can have written, gets a text that nobody can ask for.
/// </summary>
internal static class KeyNames
{
    /// <summary>A lone surrogate, which is not valid Unicode.</summary>
    private const char NotUnicode = '\uDC00';

    /// <summary>Longer keys are found by a text that is made for it.</summary>
    private const int ShortChars = 128;

    /// <summary>The text of the key of a path.</summary>
    public static string Of(RowPath path) => path.KeyText() ?? NotUnicode + Convert.ToHexString(path.KeyPart());

    /// <summary>Whether a text stands for a key that is not valid UTF-8.</summary>
    public static bool IsStandIn(string name) => name is [NotUnicode, ..];

    /// <summary>Finds the key of a path, as a rule without making its text.</summary>
    public static MapEntry? Find(KeyTable keys, RowPath path)
    {
        Span<char> text = stackalloc char[ShortChars];
        return path.TryWriteKeyText(text, out var length) ? keys.Find(text[..length]) : keys.Find(Of(path));
    }
}
