using System.Text;

namespace Hearsay.Lab.Output;

/// <summary>Long lines of text for a terminal: broken at spaces, never inside a word.</summary>
internal static class TextWrap
{
    /// <summary>The text in lines of at most a width, where its words allow that.</summary>
    public static string Of(string text, int width)
    {
        var wrapped = new StringBuilder();
        var column = 0;
        foreach (var word in text.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > width)
            {
                wrapped.AppendLine();
                column = 0;
            }
            else if (column > 0)
            {
                wrapped.Append(' ');
                column++;
            }

            wrapped.Append(word);
            column += word.Length;
        }

        return wrapped.ToString();
    }
}
