using System.Globalization;
using Backprop.Sample.Demos;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Backprop.Sample.Views;

/// <summary>Shows some images of a test set with what the network says: the first ones, and some that it got wrong.</summary>
internal static class ImagesView
{
    private const int Gap = 3;
    private const int CaptionWidth = 16;

    // Small images are enlarged until they are at least this wide.
    private const int MinWidth = 16;

    // From paper to ink, for screens without colour.
    private const string Ramp = " .:-=+*#%@";

    /// <summary>Shows them.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="predictions">What the network says; inputs from 0 to 1.</param>
    /// <param name="width">The width of an image in pixels.</param>
    public static void Show(Screen screen, Predictions predictions, int width)
    {
        int scale = (MinWidth + width - 1) / width;
        int columns = Math.Max(width * scale, CaptionWidth);
        int across = Math.Clamp((screen.Console.Profile.Width + Gap) / (columns + Gap), 1, 6);
        int[] samples = [.. Enumerable.Range(0, predictions.Data.Count)];
        ShowRow("Some of the test images", samples.Take(across));
        ShowRow("Some that it got wrong", samples.Where(i => !predictions.IsRight(i)).OrderByDescending(predictions.ConfidenceOf).Take(across));

        void ShowRow(string title, IEnumerable<int> row)
        {
            if (!row.Any())
                return;
            screen.Title(title);
            var grid = new Grid();
            foreach (int _ in row)
                grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, Gap, 0), Width = columns });
            grid.AddRow([.. row.Select(i => Image(predictions.Data.InputsOf(i), width, scale, screen.IsLive))]);
            grid.AddRow([.. row.Select(i => Caption(predictions, i))]);
            screen.Draw(grid);
        }
    }

    /// <summary>An image, two rows of pixels to a line of text: the upper one is the colour of the half block, the lower one of its ground.</summary>
    private static IRenderable Image(ReadOnlySpan<float> pixels, int width, int scale, bool colour)
    {
        var image = new Paragraph();
        int height = pixels.Length / width;
        for (int y = 0; y < height * scale; y += 2)
        {
            if (y > 0)
                image.Append("\n");
            for (int x = 0; x < width * scale; x++)
            {
                float upper = pixels[y / scale * width + x / scale];
                float lower = y + 1 < height * scale ? pixels[(y + 1) / scale * width + x / scale] : 0f;
                if (colour)
                    image.Append("▀", new Style(Grey(upper), Grey(lower)));
                else
                    image.Append($"{Ramp[(int)((upper + lower) / 2f * (Ramp.Length - 1) + 0.5f)]}");
            }
        }
        return image;
    }

    private static IRenderable Caption(Predictions predictions, int sample)
    {
        IReadOnlyList<string> names = predictions.Data.ClassNames!;
        string says = string.Create(CultureInfo.InvariantCulture, $"{names[predictions.ClassOf(sample)]} ({predictions.ConfidenceOf(sample):P0})");
        return predictions.IsRight(sample)
            ? new Text(says, new Style(Color.Green))
            : new Text($"{says}, is {names[predictions.Data.ClassOf(sample)]}", new Style(Color.Red));
    }

    private static Color Grey(float value)
    {
        byte level = (byte)(Math.Clamp(value, 0f, 1f) * 255f);
        return new Color(level, level, level);
    }
}
