package io.vitrail.picture;

/**
 * Say where a picture lies in the view that the network got.
 *
 * <p>A point {@code (x, y)} of the picture, in pixels from its top left corner, is at {@code (x *
 * scaleX + offsetX, y * scaleY + offsetY)} of the view. After a crop parts of the picture lie
 * outside the view; after a letterbox parts of the view lie outside the picture.
 *
 * @param pictureWidth columns of the picture
 * @param pictureHeight rows of the picture
 * @param viewWidth columns of the view
 * @param viewHeight rows of the view
 * @param scaleX columns of the view for one of the picture
 * @param scaleY rows of the view for one of the picture
 * @param offsetX where the picture's left border is in the view; negative after a crop
 * @param offsetY where the picture's upper border is in the view; negative after a crop
 */
public record Placement(
        int pictureWidth,
        int pictureHeight,
        int viewWidth,
        int viewHeight,
        double scaleX,
        double scaleY,
        double offsetX,
        double offsetY) {

    /** Return the placement of a picture that fills the view. */
    public static Placement stretched(int pictureWidth, int pictureHeight, int width, int height) {
        return new Placement(
                pictureWidth,
                pictureHeight,
                width,
                height,
                (double) width / pictureWidth,
                (double) height / pictureHeight,
                0,
                0);
    }

    /** Return the picture's rectangle in the coordinates of the view; it may reach beyond it. */
    public Resampling.Box pictureInView() {
        return new Resampling.Box(
                offsetX,
                offsetY,
                offsetX + pictureWidth * scaleX,
                offsetY + pictureHeight * scaleY);
    }

    /** Return the view's rectangle in the coordinates of the picture; it may reach beyond it. */
    public Resampling.Box viewInPicture() {
        return new Resampling.Box(
                -offsetX / scaleX,
                -offsetY / scaleY,
                (viewWidth - offsetX) / scaleX,
                (viewHeight - offsetY) / scaleY);
    }

    /** Return whether the network saw the pixel of the picture, or its greater part. */
    public boolean covers(int x, int y) {
        Resampling.Box seen = viewInPicture();
        return x + 0.5 >= seen.left()
                && x + 0.5 <= seen.right()
                && y + 0.5 >= seen.top()
                && y + 0.5 <= seen.bottom();
    }
}
